package io.outfeed.internal.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.audit.AuditText;
import io.outfeed.internal.state.StateDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lines of the audit in a {@link StateDirectory}, each in a file. Thread-safe. */
public final class AuditFiles {

    private final StateDirectory files;

    /** The numbers of the lines; null before the first use. */
    private @Nullable NavigableSet<Long> known;

    public AuditFiles(StateDirectory files) {
        this.files = files;
    }

    public synchronized void append(AuditEntry entry) {
        NavigableSet<Long> numbers = numbers();
        long next = numbers.isEmpty() ? 1 : numbers.last() + 1;
        files.write(files.audit(next), AuditText.of(entry).getBytes(UTF_8));
        numbers.add(next);
    }

    public synchronized List<AuditRecord> list(AuditQuery query) {
        files.checkPresent();
        return numbers().headSet(query.below(), false).descendingSet().stream()
                .flatMap(number -> read(number).stream())
                .filter(query::matches)
                .limit(query.limit())
                .toList();
    }

    private Optional<AuditRecord> read(long number) {
        Path file = files.audit(number);
        return files.content(file)
                .map(content -> new AuditRecord(number, AuditText.read(new String(content, UTF_8), file.toString())));
    }

    private NavigableSet<Long> numbers() {
        NavigableSet<Long> numbers = known;
        if (numbers == null) {
            numbers = files.audits().collect(Collectors.toCollection(TreeSet::new));
            known = numbers;
        }
        return numbers;
    }
}
