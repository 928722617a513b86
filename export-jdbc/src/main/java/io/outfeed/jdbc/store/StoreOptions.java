package io.outfeed.jdbc.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.jdbc.internal.sql.TableNames;
import io.outfeed.jdbc.internal.sql.Transactions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The options of a {@link JdbcStore}: set by its builder. */
final class StoreOptions {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,39}");

    private final DataSource database;
    String schema = "";
    String tablePrefix = "outfeed_";
    Duration lease = Duration.ofMinutes(1);
    Duration retryTimeout = Duration.ofSeconds(30);
    String node = "";
    boolean migrate;

    StoreOptions(DataSource database) {
        this.database = requireNonNull(database, "database");
    }

    void check() {
        List<String> problems = new ArrayList<>();
        if (!schema.isEmpty() && !IDENTIFIER.matcher(schema).matches()) {
            problems.add("schema must be letters, digits and underscores, at most 40");
        }
        if (!IDENTIFIER.matcher(tablePrefix).matches()) {
            problems.add("tablePrefix must be letters, digits and underscores, at most 40");
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add("lease must be one second or more, not " + lease);
        }
        if (retryTimeout.isNegative()) {
            problems.add("retryTimeout must be zero or more, not " + retryTimeout);
        }
        if (node.length() > 100) {
            problems.add("node must have at most 100 characters");
        }
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException("JDBC store", problems);
        }
    }

    TableNames tableNames() {
        return new TableNames(schema.isEmpty() ? "" : schema + ".", tablePrefix);
    }

    Transactions transactions() {
        return new Transactions(database, tableNames(), retryTimeout);
    }

    /** A new name for the owner of leases, which no other store has. */
    String newOwner() {
        String name = node.isEmpty() ? ProcessHandle.current().pid() + "@" + host() : node;
        return name.replaceAll("[^A-Za-z0-9._@-]", "-") + ":"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) { // people read it, nothing else does
            return "unknown-host";
        }
    }
}
