-- State of Outfeed's engines, version 1. '#' is the schema and the prefix of the tables, '@' the prefix alone; the
-- prefix is 'outfeed_' by default.
-- Times are microseconds since 1970, by the database's clock where they are compared, unless they are text.

create table if not exists #schema (
    id integer not null primary key,
    version integer not null
);

-- The last run number and the last fencing token, how many incidents were opened, the last line of the audit, and the last change that other
-- nodes follow.
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

insert into #counter (name, last_value)
select 'incident', 0 from (select 1 as one) as source
where not exists (select 1 from #counter where name = 'incident');

insert into #counter (name, last_value)
select 'change', 0 from (select 1 as one) as source
where not exists (select 1 from #counter where name = 'change');

insert into #counter (name, last_value)
select 'audit', 0 from (select 1 as one) as source
where not exists (select 1 from #counter where name = 'audit');

-- The locks of jobs: leases that their owners renew before they expire.
create table if not exists #lock (
    job varchar(200) not null primary key,
    owner varchar(200) not null,
    token bigint not null,
    expires_at bigint not null
);

-- The jobs that a node has changed, each with the number of its last change: other nodes follow them.
create table if not exists #change (
    job varchar(200) not null primary key,
    change_number bigint not null
);

-- The state of a job. Changing its positions, with the run number and the sequence number, commits a run. By the ids
-- of the recent changes to the fire plan and the pause, a retry finds out whether its change was committed and the
-- answer lost.
create table if not exists #job (
    job varchar(200) not null primary key,
    run_number bigint not null,
    sequence_number bigint not null,
    positions character large object,
    daily_sequence varchar(40),
    fire_schedule character large object,
    fire_next varchar(40),
    failures_in_a_row integer not null,
    pause_by varchar(20),
    pause_reason character large object,
    pause_since varchar(40),
    directories character large object,
    deadline_checked varchar(40),
    deadline_overdue integer,
    refused_recipients character large object,
    layouts character large object,
    backfill character large object,
    recent_changes varchar(400) not null
);

-- A run: what queries select by, and the whole run as of its step 'whole_index'. That a cancel was requested is
-- compared when the run becomes publishing.
create table if not exists #run (
    run_number bigint not null primary key,
    job varchar(200) not null,
    status varchar(20) not null,
    trigger_name varchar(20) not null,
    publishing smallint not null,
    cancel_reason character large object,
    files_remain smallint not null,
    unconfirmed smallint not null,
    started_at bigint not null,
    ended_at bigint,
    whole_index integer not null,
    document character large object not null
);

-- The later steps of a run: what has changed. Those of ended runs are deleted when old runs are.
create table if not exists #run_step (
    run_number bigint not null,
    step_index integer not null,
    document character large object not null,
    primary key (run_number, step_index)
);

-- The tombstones of jobs: the names that they had before.
create table if not exists #renamed_job (
    job varchar(200) not null primary key,
    renamed_to varchar(200) not null
);

-- The names of the jobs that a job source had when it was loaded last, one a line.
create table if not exists #job_source (
    source varchar(200) not null primary key,
    version bigint not null,
    names text not null
);

-- Incidents. Of those with the same hash of scope and code at most one is open: the others have none.
create table if not exists #incident (
    id varchar(100) not null primary key,
    version bigint not null,
    open_hash varchar(64) unique,
    opened_at bigint not null,
    ended_at bigint,
    settled smallint not null,
    document character large object not null
);

-- What people have asked for, and what came of it. The job is empty for a line that is about none, or several. Rows
-- are only ever added.
create table if not exists #audit (
    audit_number bigint not null primary key,
    job varchar(200) not null,
    document character large object not null
);

-- The bytes of runs that the nodes share: a file in parts of 1 MiB. The last part says how many there are, the others
-- have 0: without it the file is not there.
create table if not exists #spool (
    run_number bigint not null,
    token bigint not null,
    name varchar(250) not null,
    part integer not null,
    parts integer not null,
    content varbinary(1048576) not null,
    primary key (run_number, token, name, part)
);

-- A fire time that a node has claimed: no other node can.
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
create index if not exists @run_unconfirmed on #run (job, unconfirmed, run_number);
create index if not exists @incident_unsettled on #incident (settled, opened_at);
create index if not exists @incident_opened on #incident (opened_at);
create index if not exists @lock_held on #lock (expires_at);
create index if not exists @change_number on #change (change_number);
create index if not exists @audit_of_job on #audit (job, audit_number);
