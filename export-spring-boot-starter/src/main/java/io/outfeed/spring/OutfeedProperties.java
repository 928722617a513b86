package io.outfeed.spring;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of an engine. An unknown property is an error. Immutable and thread-safe.
 *
 * @param enabled whether there is an engine
 * @param start whether the engine is started with the application; without it jobs run on request only
 * @param directory the directory of state and finished files, such as /var/lib/outfeed; it must be durable
 * @param store where the state is kept
 * @param jdbc the store in the database of the application; ignored without store=jdbc
 * @param scheduler what wakes jobs
 * @param dbScheduler the scheduler in the database of the application; ignored without scheduler=db-scheduler
 * @param workers how many scheduled runs may be in progress at once; 4 by default
 * @param virtualThreads whether the workers are virtual threads, which needs JDK 21; as spring.threads.virtual.enabled
 *     says by default
 * @param runsPerServer how many scheduled runs may be in progress at one server; half of the workers by default
 * @param compressorThreads how many threads compress files beside the threads of their runs; see
 *     {@link io.outfeed.ExportEngine.Builder#compressorThreads} for the default
 * @param closeTimeout how long runs in progress may take when the application stops, before they are interrupted, and
 *     again after it
 * @param keepHistory how long ended runs are kept; 90 days by default
 * @param checkDestinationsEvery the time between two checks of all destinations; no checks by default
 * @param expectDeliveredWithin how soon after each fire time jobs must deliver; no deadline by default
 * @param reloadJobsEvery the time between two loads of the job sources
 * @param metrics the meters, if Micrometer is there
 * @param console the pages for operators, if export-console is there
 * @param mailServers mail servers, by name
 * @param destinations destinations, by id
 * @param notifiers who is told of incidents, by id
 * @param jobs jobs over definitions in code, by name
 */
@ConfigurationProperties(value = "outfeed", ignoreUnknownFields = false)
public record OutfeedProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("true") boolean start,
        @Nullable String directory,
        @DefaultValue("files") Store store,
        @DefaultValue Jdbc jdbc,
        @DefaultValue("in-jvm") SchedulerKind scheduler,
        @DefaultValue DbSchedulerOptions dbScheduler,
        @Nullable Integer workers,
        @Nullable Boolean virtualThreads,
        @Nullable Integer runsPerServer,
        @Nullable Integer compressorThreads,
        @DefaultValue("10s") Duration closeTimeout,
        @Nullable Duration keepHistory,
        @Nullable Duration checkDestinationsEvery,
        @Nullable Duration expectDeliveredWithin,
        @DefaultValue("1m") Duration reloadJobsEvery,
        @DefaultValue Metrics metrics,
        @DefaultValue ConsolePages console,
        @DefaultValue Map<String, MailServer> mailServers,
        @DefaultValue Map<String, Destination> destinations,
        @DefaultValue Map<String, Notifier> notifiers,
        @DefaultValue Map<String, Job> jobs) {

    /** Where the state of the engine is kept. */
    public enum Store {
        /** In files below the directory, for one node. */
        FILES,
        /** In tables of the application's database, for any number of nodes. */
        JDBC
    }

    /** What wakes jobs. */
    public enum SchedulerKind {
        /** Each node by itself. */
        IN_JVM,
        /** A table of the application's database, for many jobs or nodes; needs export-db-scheduler. */
        DB_SCHEDULER
    }

    /**
     * The scheduler in the database of the application; its table is made as that of the store is. Immutable.
     *
     * @param tableName the name of its table; scheduled_tasks by default
     * @param pollingInterval how often a node asks for what is due; a second by default
     * @param heartbeat how often a node says that it still runs its jobs; five seconds by default, and at most
     */
    public record DbSchedulerOptions(
            @Nullable String tableName,
            @Nullable Duration pollingInterval,
            @Nullable Duration heartbeat) {}

    /**
     * The store in the database of the application. Immutable.
     *
     * @param migrate whether the tables are made and changed when the application starts; otherwise they are checked
     * @param schema the schema of the tables; that of the connections by default
     * @param tablePrefix what the names of the tables begin with; outfeed_ by default
     * @param lease after what time without a sign of life a node loses its jobs to others; a minute by default
     * @param spool whether finished files are in the database too, for nodes that share no directory
     */
    public record Jdbc(
            @DefaultValue("true") boolean migrate,
            @Nullable String schema,
            @Nullable String tablePrefix,
            @Nullable Duration lease,
            @DefaultValue("false") boolean spool) {}

    /**
     * The meters. Immutable.
     *
     * @param jobTag whether meters of jobs have the name of the job as a tag; not with thousands of jobs
     * @param parameterTags parameters of jobs that their meters have as tags, such as tenant
     * @param refresh how old the gauges that read the store may be
     */
    public record Metrics(
            @DefaultValue("false") boolean jobTag,
            @DefaultValue List<String> parameterTags,
            @DefaultValue("1m") Duration refresh) {}

    /**
     * The pages for operators; they need a bean of type Authorizer. Immutable.
     *
     * @param path where they are, such as /exports; there are none by default
     * @param title the title of all pages; Exports by default
     * @param zone the zone in which times are shown, such as Europe/Zurich; GMT by default
     * @param customerParameter the parameter of a job that names its customer; none by default
     */
    public record ConsolePages(
            @Nullable String path,
            @Nullable String title,
            @Nullable ZoneId zone,
            @Nullable String customerParameter) {}

    /**
     * A mail server. Immutable.
     *
     * @param host its name
     * @param port its port; 587 by default, 465 for TLS
     * @param security starttls, tls, or plain-loopback-only for a relay on the same machine; starttls by default
     * @param user the user of the login; no login by default
     * @param password a reference to the password, such as file:/run/secrets/smtp or env:SMTP_PASSWORD
     */
    public record MailServer(
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String security,
            @Nullable String user,
            @Nullable String password) {}

    /**
     * A destination: exactly one of its kinds. Immutable.
     *
     * @param directory a directory of this machine
     * @param sftp a directory of an SFTP server; needs export-sftp
     * @param ftps a directory of an FTP server, with TLS or without; needs export-ftp
     * @param s3 a bucket of Amazon S3, or of a server with its API; needs export-s3
     * @param http an address that takes files; needs export-http
     * @param mail mailboxes; needs export-mail
     */
    public record Destination(
            @Nullable Directory directory,
            @Nullable Sftp sftp,
            @Nullable Ftps ftps,
            @Nullable S3 s3,
            @Nullable Http http,
            @Nullable Mail mail) {}

    /**
     * A directory of this machine. Immutable.
     *
     * @param path its path
     * @param protectedFiles whether files with sensitive fields may lie there as they are
     * @param permissions the permissions of the files, such as rw-r-----
     * @param requireFile the name of a file that must be there, such as one that a mounted volume has
     */
    public record Directory(
            @Nullable String path,
            @DefaultValue("false") boolean protectedFiles,
            @Nullable String permissions,
            @Nullable String requireFile) {}

    /**
     * A directory of an SFTP server. Immutable.
     *
     * @param host the name of the server
     * @param port its port; 22 by default
     * @param user the user
     * @param password a reference to the password, such as env:LAKESIDE_PASSWORD
     * @param privateKey the file of the private key
     * @param passphrase a reference to the passphrase of the private key
     * @param hostKeys the fingerprints of its host keys, such as SHA256:47DEQ…
     * @param knownHosts a file of OpenSSH instead of fingerprints
     * @param directory the directory, from the root or from the home of the login
     * @param permissions the permissions of the files, such as rw-r-----
     */
    public record Sftp(
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String user,
            @Nullable String password,
            @Nullable String privateKey,
            @Nullable String passphrase,
            @DefaultValue List<String> hostKeys,
            @Nullable String knownHosts,
            @Nullable String directory,
            @Nullable String permissions) {}

    /** How connections to an FTP server are encrypted. */
    public enum FtpEncryption {
        /** By TLS, after the connection is there and before the login. */
        EXPLICIT_TLS,
        /** By TLS from the first byte, for old servers. */
        IMPLICIT_TLS,
        /** Not at all: the network between can read the password and the files. */
        NONE
    }

    /**
     * A directory of an FTP server. Immutable.
     *
     * @param host the name of the server
     * @param encryption how connections are encrypted
     * @param port its port; 21 by default, 990 for implicit TLS
     * @param user the user
     * @param password a reference to the password, such as env:LAKESIDE_PASSWORD
     * @param trustedCertificates a file of certificates in PEM, of authorities or of the server; what the JVM trusts by
     *     default
     * @param pinnedCertificates the SHA-256 fingerprints of the server's certificates, instead of the file
     * @param directory the directory, from the root or from the home of the login
     */
    public record Ftps(
            @Nullable String host,
            @DefaultValue("explicit-tls") FtpEncryption encryption,
            @Nullable Integer port,
            @Nullable String user,
            @Nullable String password,
            @Nullable String trustedCertificates,
            @DefaultValue List<String> pinnedCertificates,
            @Nullable String directory) {}

    /**
     * A bucket. Immutable.
     *
     * @param bucket the name of the bucket
     * @param region its region, such as eu-central-1; required without an endpoint
     * @param endpoint the address of another server than Amazon's
     * @param withoutEncryption whether the endpoint is one with http: the network between can read the files
     * @param pathStyle whether the bucket is in the path of addresses, as most other servers than Amazon's expect
     * @param trustedCertificates a file of certificates in PEM, of authorities or of the server; what the JVM trusts by
     *     default
     * @param prefix what the keys of all objects begin with
     * @param accessKey the id of the access key; what the SDK finds on the machine by default
     * @param secretKey a reference to the secret of the access key
     * @param kmsKey the key of AWS KMS that encrypts the objects; as the bucket says by default
     * @param storageClass the storage class of the objects; that of the bucket by default
     */
    public record S3(
            @Nullable String bucket,
            @Nullable String region,
            @Nullable URI endpoint,
            @DefaultValue("false") boolean withoutEncryption,
            @DefaultValue("false") boolean pathStyle,
            @Nullable String trustedCertificates,
            @Nullable String prefix,
            @Nullable String accessKey,
            @Nullable String secretKey,
            @Nullable String kmsKey,
            @Nullable String storageClass) {}

    /** How files are sent to an address. */
    public enum HttpMethod {
        /** By PUT, below the address. */
        PUT,
        /** By POST, each as the body of a request. */
        POST,
        /** By POST, each as a field of a form. */
        POST_FORM
    }

    /**
     * An address that takes files. Immutable.
     *
     * @param method how files are sent
     * @param url the address; a reference to it, such as env:LAKESIDE_URL, if it has a query
     * @param withoutEncryption whether the address is one with http: the network between can read the files
     * @param user the user of the login; no login by default
     * @param password a reference to the password
     * @param bearer a reference to the token of the login, instead of user and password
     * @param headers headers of all requests
     * @param secretHeaders references to the values of headers that are secrets, such as X-Api-Key, by their names
     * @param fileField the field of the form that has the file
     * @param formFields other fields of the form
     * @param idempotent whether the receiver carries out the requests of one key once; only for POST
     * @param webDav whether folders are made by MKCOL; only for PUT
     */
    public record Http(
            @Nullable HttpMethod method,
            @Nullable String url,
            @DefaultValue("false") boolean withoutEncryption,
            @Nullable String user,
            @Nullable String password,
            @Nullable String bearer,
            @DefaultValue Map<String, String> headers,
            @DefaultValue Map<String, String> secretHeaders,
            @DefaultValue("file") String fileField,
            @DefaultValue Map<String, String> formFields,
            @DefaultValue("false") boolean idempotent,
            @DefaultValue("false") boolean webDav) {}

    /**
     * Mailboxes. Immutable.
     *
     * @param server the name of one of the mail servers
     * @param from the sender
     * @param to recipients
     * @param cc recipients of a copy
     * @param bcc recipients that the others do not see
     * @param replyTo where answers go; to the sender by default
     * @param subject the subject, with variables such as {definition} and {file}
     * @param text the text, with the same variables
     */
    public record Mail(
            @Nullable String server,
            @Nullable String from,
            @DefaultValue List<String> to,
            @DefaultValue List<String> cc,
            @DefaultValue List<String> bcc,
            @DefaultValue List<String> replyTo,
            @Nullable String subject,
            @Nullable String text) {}

    /**
     * A group of people who are told of incidents: exactly one of its kinds. Immutable.
     *
     * @param mail by mail; needs export-mail
     * @param webhook by webhook; needs export-http
     * @param jobs the jobs whose incidents they are told of; of all jobs by default
     */
    public record Notifier(
            @Nullable NoticeMail mail,
            @Nullable Webhook webhook,
            @DefaultValue List<String> jobs) {}

    /**
     * Mails about incidents. Immutable.
     *
     * @param server the name of one of the mail servers
     * @param from the sender
     * @param to the recipients
     * @param subject the subject, with the variable {digest}
     */
    public record NoticeMail(
            @Nullable String server,
            @Nullable String from,
            @DefaultValue List<String> to,
            @Nullable String subject) {}

    /**
     * A webhook. Immutable.
     *
     * @param url a reference to the address, which is often all that is needed to post, such as env:CHAT_WEBHOOK
     * @param slackText whether it gets a text for Slack, Mattermost and what is compatible with them
     * @param secret a reference to the secret of the signatures; requests are not signed by default
     */
    public record Webhook(
            @Nullable String url,
            @DefaultValue("false") boolean slackText,
            @Nullable String secret) {}

    /**
     * A job over definitions in code. Immutable.
     *
     * @param definitions the names of the definitions that it exports: beans of the application
     * @param description what it is, for people
     * @param schedule when it runs; on request only by default
     * @param deliverTo the ids of its destinations: of this configuration, or beans of the application
     * @param copyTo the ids of destinations that get copies, at best effort
     * @param parameters parameters for its sources and file names
     * @param layout which columns, records, format and file name it chooses of its definition: see the guide of layouts
     * @param layouts the same for each of several definitions, by their names
     * @param disabled why it does not run by schedule; enabled by default
     * @param pauseAfterFailures after how many failures in a row it is paused
     * @param retryFor for how long a run is tried again that has published nothing; 24 hours by default
     * @param maxDuration how long an attempt may take
     * @param retention how long delivered files stay at their destinations; for ever by default
     * @param expectDeliveredWithin how soon after each fire time it must deliver
     * @param deliverBetween the time of day in which its files may become visible
     */
    public record Job(
            @DefaultValue List<String> definitions,
            @DefaultValue("") String description,
            @Nullable JobSchedule schedule,
            @DefaultValue List<String> deliverTo,
            @DefaultValue List<String> copyTo,
            @DefaultValue Map<String, String> parameters,
            @DefaultValue Map<String, Object> layout,
            @DefaultValue Map<String, Object> layouts,
            @Nullable String disabled,
            @Nullable Integer pauseAfterFailures,
            @Nullable Duration retryFor,
            @Nullable Duration maxDuration,
            @Nullable Duration retention,
            @Nullable Duration expectDeliveredWithin,
            @Nullable TimeOfDay deliverBetween) {}

    /**
     * When a job runs: exactly one of daily, weekdays, weekly, monthly, cron and every. Immutable.
     *
     * @param daily the times of each day, such as "07:00", in quotes
     * @param weekdays the time of each day from Monday to Friday, in quotes
     * @param weekly the days of the week, such as MONDAY; needs at
     * @param monthly the day of the month, 1 to 31, or last; needs at
     * @param at the time of weekly and monthly, in quotes
     * @param cron five fields, such as "30 6 * * MON-FRI"
     * @param every a fixed distance, such as 15m, counted from 1970-01-01T00:00:00Z
     * @param zone the time zone, such as Europe/Zurich; required but for every
     * @param except dates without a run, such as 2026-12-25
     */
    public record JobSchedule(
            @DefaultValue List<String> daily,
            @Nullable String weekdays,
            @DefaultValue List<String> weekly,
            @Nullable String monthly,
            @Nullable String at,
            @Nullable String cron,
            @Nullable Duration every,
            @Nullable String zone,
            @DefaultValue List<String> except) {}

    /**
     * A time of day. Immutable.
     *
     * @param from when it begins, such as "06:00", in quotes
     * @param until when it ends, in quotes; before from if it spans midnight
     * @param zone the time zone
     */
    public record TimeOfDay(
            @Nullable String from,
            @Nullable String until,
            @Nullable String zone) {}
}
