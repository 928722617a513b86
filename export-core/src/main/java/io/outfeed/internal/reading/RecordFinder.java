package io.outfeed.internal.reading;

import io.outfeed.error.ExportException;
import io.outfeed.error.SourceException;
import io.outfeed.internal.failure.HostCalls;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds a few records of an open source, by key or the first ones. Used by one thread. */
public final class RecordFinder<T> {

    private final PlannedExport<T> export;
    private final RecordReader<T> reader;

    public RecordFinder(PlannedExport<T> export) {
        this.export = export;
        this.reader = new RecordReader<>(export);
    }

    /** Returns the records that there are, by key, in the order of the given keys. */
    public Map<String, T> byKey(List<String> keys) {
        Set<String> wanted = new TreeSet<>(keys);
        Optional<Stream<T>> found = HostCalls.callSource(
                "can't look records of " + export.definition() + " up",
                export.at(),
                () -> export.session().find(wanted));
        Map<String, T> records = read(found.orElseGet(reader::open), wanted::contains, wanted.size());
        Map<String, T> ordered = new LinkedHashMap<>();
        for (String key : keys) {
            T record = records.get(key);
            if (record != null) {
                ordered.put(key, record);
            }
        }
        return ordered;
    }

    /** Returns the first records of the source. */
    public Map<String, T> first(int count) {
        return read(reader.open(), key -> true, count);
    }

    private Map<String, T> read(Stream<T> records, Predicate<String> wanted, int count) {
        Map<String, T> found = new LinkedHashMap<>();
        try (Stream<T> open = records) {
            Iterator<T> iterator = open.iterator();
            while (found.size() < count && reader.hasNext(iterator)) {
                T record = reader.next(iterator);
                String key = reader.key(record).text();
                if (wanted.test(key)) {
                    found.put(key, record);
                }
            }
        } catch (ExportException e) {
            throw e;
        } catch (Throwable e) {
            throw SourceException.permanent(
                    "can't close what was read of " + export.definition() + export.at(), HostCalls.redact(e));
        }
        return found;
    }
}
