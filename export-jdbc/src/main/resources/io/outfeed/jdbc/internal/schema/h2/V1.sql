-- State of Outfeed's engines, version 1. '#' stands for the schema and the prefix of the tables, '@' for the prefix alone;
-- the prefix is 'outfeed_' by default.
-- Times are microseconds since 1970, by the database's clock where they are compared, unless they are text.

create table if not exists #schema (
    id integer not null primary key,
    version integer not null
);

-- The last run number and the last fencing token that were given.
create table if not exists #counter (
    name varchar(20) not null primary key,
    last_value bigint not null
);

insert into #counter (name, last_value)
select 'run', 0 from (select 1 as one) as source
where not exists (select 1 from #counter where name = 'run');

insert into #counter (name, last_value)
select 'token', 0 from (select 1 as one) as source
where not exists (select 1 from #counter where name = 'token');

-- Who has a job, and until when it must have said that it lives.
create table if not exists #lock (
    job varchar(200) not null primary key,
    owner varchar(200) not null,
    token bigint not null,
    expires_at bigint not null
);

-- Up to where a job has been delivered: changing this row commits a run. When it fires next, and whether it is paused; the
-- last changes of these two have a name each, so that who got no answer can tell whether theirs was made.
create table if not exists #job (
    job varchar(200) not null primary key,
    run_number bigint not null,
    sequence_number bigint not null,
    fire_schedule character large object,
    fire_next varchar(40),
    failures_in_a_row integer not null,
    pause_by varchar(20),
    pause_reason character large object,
    pause_since varchar(40),
    recent_changes varchar(400) not null
);

create table if not exists #position (
    job varchar(200) not null,
    definition varchar(200) not null,
    kind varchar(200) not null,
    position_text character large object not null,
    primary key (job, definition)
);

-- A run: what is asked for is in columns, all of it is in the document.
create table if not exists #run (
    run_number bigint not null primary key,
    job varchar(200) not null,
    status varchar(20) not null,
    trigger_name varchar(20) not null,
    files_remain smallint not null,
    started_at bigint not null,
    ended_at bigint,
    document character large object not null
);

-- A fire that a node has claimed: no other can.
create table if not exists #fire (
    job varchar(200) not null,
    fire_at varchar(40) not null,
    claimed_by varchar(200) not null,
    claimed_at bigint not null,
    primary key (job, fire_at)
);

create index if not exists @run_of_job on #run (job, run_number);
create index if not exists @run_open on #run (job, ended_at, run_number);
create index if not exists @run_files on #run (job, files_remain, run_number);
