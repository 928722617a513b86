CREATE TABLE interactions (
    interaction_id VARCHAR(12) PRIMARY KEY,
    tenant         VARCHAR(20) NOT NULL,
    constituent_id VARCHAR(12) NOT NULL,
    kind           VARCHAR(10) NOT NULL,
    occurred_on    DATE        NOT NULL,
    channel        VARCHAR(20) NOT NULL,
    note           VARCHAR(1000),
    entered_by     VARCHAR(12) NOT NULL,
    updated_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

CREATE INDEX interactions_by_change ON interactions (tenant, updated_at);

CREATE TABLE registrations (
    registration_id VARCHAR(12) PRIMARY KEY,
    tenant          VARCHAR(20) NOT NULL,
    student_id      VARCHAR(12) NOT NULL,
    school_year     VARCHAR(9)  NOT NULL,
    grade           SMALLINT    NOT NULL,
    program         VARCHAR(10) NOT NULL,
    status          VARCHAR(10) NOT NULL,
    starts_on       DATE        NOT NULL,
    financial_aid   BOOLEAN     NOT NULL
);

-- When a registration is synced, a copy of what was synced is appended here. Rows are never changed.
CREATE TABLE registration_outbox (
    outbox_id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    registration_id VARCHAR(12) NOT NULL,
    tenant          VARCHAR(20) NOT NULL,
    student_id      VARCHAR(12) NOT NULL,
    school_year     VARCHAR(9)  NOT NULL,
    grade           SMALLINT    NOT NULL,
    program         VARCHAR(10) NOT NULL,
    status          VARCHAR(10) NOT NULL,
    starts_on       DATE        NOT NULL,
    financial_aid   BOOLEAN     NOT NULL,
    synced_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

CREATE INDEX outbox_by_sync ON registration_outbox (tenant, synced_at);
