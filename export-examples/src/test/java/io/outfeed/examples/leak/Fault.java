package io.outfeed.examples.leak;

/** What fails, and a text that shows that it did: what an operator needs, and the canaries are not. */
enum Fault {
    NOTHING("COMMITTED"),

    QUERY_CASTS_A_VALUE("the query broke off (SQLState 22018)"),
    QUERY_DIVIDES("the query broke off (SQLState 22012)"),
    QUERY_CASTS_A_PARAMETER("the query broke off (SQLState 22018)"),
    QUERY_HAS_NO_TABLE("Table \"NO_PUPILS\" not found"),
    COUNT_QUERY("countQuery failed (SQLState 22018)"),
    FIND_BY_KEY("findByKey's function does not take it", true),
    DATABASE_REFUSES_LOGIN("(SQLState 28000)"),
    CONNECT_QUOTES_THE_URL("can't connect to the database (SQLState 08001)"),
    CONNECT_THROWS_OTHERS("IllegalStateException"),
    DESCRIBE_QUOTES_A_PARAMETER("the database does not take the query (SQLState 22P02)"),
    EXECUTE_QUOTES_A_ROW("the query failed (SQLState 23505)"),
    EXECUTE_QUOTES_THE_STATEMENT("the query failed (SQLState 42000)"),
    NEXT_QUOTES_A_ROW("the query broke off (SQLState P0001)"),
    NEXT_WITHOUT_STATE("the query broke off"),
    NEXT_THROWS_OTHERS("UnsupportedOperationException"),
    CLOSE_STATEMENT("the query can't be closed"),
    CLOSE_CONNECTION("can't give the connection back"),
    ROW_OF_ANOTHER_TYPE("column 'NAME' is text, not a whole number"),
    ROW_MAPPER("NumberFormatException"),

    RECORD_KEY("NumberFormatException"),
    FILTER("NumberFormatException", true),
    FIELD("NumberFormatException", true),
    TRANSFORMATION("DateTimeParseException", true),
    MATCH_CODE("match code", true),
    REQUIRED("it is required", true),
    PARTITION("NumberFormatException", true),
    TOO_MANY_REJECTS("more than 3 records", true),
    SOME_REJECTS("COMMITTED", true),
    ENCODING("can't write field 'email'", true),
    FORMAT("NumberFormatException", true),
    GUARD("a guard has failed (java.lang.IllegalStateException)"),
    LISTENER("nothing else is affected"),
    LISTENER_EXECUTOR("its executor rejects them"),

    SFTP_KEY("COMMITTED"),
    SFTP_WRONG_PASSWORD("refused the login"),
    SFTP_WRONG_PROMPT("refused the login"),
    SFTP_WRONG_PASSPHRASE("can't use the private key"),
    SFTP_PASSWORD_SUPPLIER("IllegalStateException (its message is left out"),
    SFTP_HOST_KEY("is not trusted"),
    SFTP_BANNER("refused the login"),
    SFTP_OPEN("said by the SFTP server"),
    SFTP_WRITE("said by the SFTP server"),
    SFTP_DISCONNECT("said by the SFTP server"),
    SFTP_CLOSE("said by the SFTP server"),
    SFTP_RENAME("said by the SFTP server"),
    SFTP_RENAME_DENIED("said by the SFTP server"),

    SMTP_TOKEN("COMMITTED"),
    SMTP_GREETING("(554)"),
    SMTP_LOGIN("refused the login (535 5.7.8)"),
    SMTP_LOGIN_WITH_TOKEN("refused the login (535 5.7.8)"),
    SMTP_LOGIN_BREAKS("broke during the login"),
    SMTP_PASSWORD_SUPPLIER("could not be had"),
    SMTP_TOKEN_SUPPLIER("could not be had"),
    SMTP_SENDER("refused the sender (550 5.7.1)"),
    SMTP_RECIPIENT("refused 1: recipient 1 (550 5.1.1)"),
    SMTP_RECIPIENT_LATER("not served for now 1: recipient 1 (450 4.2.1)"),
    SMTP_DATA("refused 1: recipient 1 (554 5.6.0)"),
    SMTP_MESSAGE("refused 1: recipient 1 (552 5.3.4)"),
    SMTP_DROP("broke"),

    NOTIFIER_LOGIN("Notifier 'notices'"),
    NOTIFIER_RECIPIENT("refused 1: recipient 1 (550 5.1.1)"),
    NOTIFIER_RECIPIENTS_OF_HOST("could not be had"),
    NOTIFIER_INVALID_RECIPIENT("has no domain"),
    NOTIFIER_LINK("could be had, the mail goes out without it"),

    STORE_APPENDS_NOT("the database gave SQLState 22001"),
    STORE_BREAKS("the database gave SQLState 08006"),
    STORE_CONNECTS_NOT("the database gave SQLState 08001"),
    STORE_THROWS_OTHERS("gave java.lang.UnsupportedOperationException"),
    STORE_OF_THE_HOST("the host's store is away"),

    COPY_OF_THE_HOST("did not reach delivery 'archive'"),
    RESOURCE_OF_THE_HOST("could not be closed (java.lang.IllegalStateException)");

    /** A text that shows what failed. */
    final String evidence;

    /** Whether a message names the record by its key: an operator has to find it. */
    final boolean namesTheRecord;

    Fault(String evidence) {
        this(evidence, false);
    }

    Fault(String evidence, boolean namesTheRecord) {
        this.evidence = evidence;
        this.namesTheRecord = namesTheRecord;
    }

    /** Throws what code of the host throws, if this is what fails. */
    void failAt(Fault place) {
        if (this == place) {
            throw new IllegalStateException(Canary.all());
        }
    }
}
