package io.outfeed.jdbc.internal.audit;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.audit.AuditText;
import io.outfeed.jdbc.internal.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The lines of the audit as rows: the number, the job, and the text of the line. */
public final class AuditTable {

    private static final String NAME = " where name = 'audit'";

    /** More lines than all nodes append while one tries again. */
    private static final int RECENT = 1_000;

    private AuditTable() {}

    /** Appends a line. The lock of the counter keeps the order of numbers that of commits. */
    public static void append(Sql sql, AuditEntry entry) throws SQLException {
        String text = AuditText.of(entry);
        sql.update("update #counter set last_value = last_value + 1" + NAME);
        long number = sql.first("select last_value from #counter" + NAME, row -> row.getLong(1))
                .orElseThrow();
        if (sql.isRetry() && isAppended(sql, text, number)) {
            return;
        }
        sql.update(
                "insert into #audit (audit_number, job, document) values (?, ?, ?)",
                number,
                entry.job().orElse(""),
                text);
    }

    /** Whether the line was committed before, and the answer lost: other nodes may have appended since. */
    private static boolean isAppended(Sql sql, String text, long number) throws SQLException {
        return sql.list("select document from #audit where audit_number > ?", row -> row.getString(1), number - RECENT)
                .contains(text);
    }

    public static List<AuditRecord> list(Sql sql, AuditQuery query) throws SQLException {
        List<Object> arguments = new ArrayList<>(List.of(query.below()));
        query.job().ifPresent(arguments::add);
        return sql.list(
                "select audit_number, document from #audit where audit_number < ?"
                        + (query.job().isPresent() ? " and job = ?" : "") + " order by audit_number desc limit "
                        + query.limit(),
                row -> new AuditRecord(
                        row.getLong(1),
                        AuditText.read(
                                row.getString(2),
                                "line " + row.getLong(1) + " of the audit in the database of the store")),
                arguments.toArray());
    }
}
