package io.outfeed.internal.key;

import io.outfeed.ExportDefinition;
import io.outfeed.error.SourceException;
import io.outfeed.source.SourceOrder;
import io.outfeed.watermark.Watermark;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Emits the latest version of each key, in the order of the keys: sorts the versions on the disk, or checks that the
 * source is ordered as promised. Used by one thread.
 */
public final class LatestByKey implements Closeable {

    /** Receives the latest version of a key. */
    @FunctionalInterface
    public interface Out {
        void accept(RecordVersion latest) throws IOException;
    }

    private final ExportDefinition<?> definition;
    private final String at;
    private final Out out;
    private final @Nullable VersionSorter sorter;
    private @Nullable RecordVersion held;

    /**
     * Creates a sorter, or a check of the order for a source that is ordered by key.
     *
     * @param newFile names a file that does not exist yet
     * @param out receives the latest version of each key
     */
    public LatestByKey(ExportDefinition<?> definition, String at, Supplier<Path> newFile, Out out) {
        this.definition = definition;
        this.at = at;
        this.out = out;
        Watermark<?> watermark = definition.watermark();
        this.sorter = definition.sourceOrder() == SourceOrder.BY_KEY
                ? null
                : new VersionSorter(newFile, watermark.kind(), watermark::compare, VersionSorter.memoryOfARun());
    }

    public void add(RecordVersion version) throws IOException {
        if (sorter == null) {
            addInOrder(version);
        } else {
            sorter.add(version);
        }
    }

    private void addInOrder(RecordVersion version) throws IOException {
        if (held == null) {
            held = version;
            return;
        }
        int order = version.key().compareTo(held.key());
        if (order < 0) {
            throw SourceException.permanent(
                    "record '" + version.key().name() + "' of " + definition + " comes after record '"
                            + held.key().name()
                            + "', and the source is said to give them by key (whole numbers by value,"
                            + " others as text by code point): let it read them in that order, or remove"
                            + " sourceOrder(BY_KEY)" + at,
                    null);
        }
        if (order > 0) {
            out.accept(held);
            held = version;
        } else {
            checkVersions(version, 2);
            boolean older =
                    RecordVersion.compare(version.position(), held.position(), definition.watermark()::compare) < 0;
            held = older ? held : version;
        }
    }

    /** Emits the remaining versions. Call it once, when all were added. */
    public void finish() throws IOException {
        if (sorter != null) {
            sorter.drain((latest, versions) -> {
                checkVersions(latest, versions);
                out.accept(latest);
            });
        } else if (held != null) {
            out.accept(held);
        }
    }

    private void checkVersions(RecordVersion version, int versions) {
        if (versions > 1 && !definition.latestPerKey()) {
            throw SourceException.permanent(
                    "record '" + version.key().name() + "' of " + definition
                            + " is there more than once: let the source give"
                            + " each record once, or add latestPerKey()" + at,
                    null);
        }
    }

    @Override
    public void close() throws IOException {
        if (sorter != null) {
            sorter.close();
        }
    }
}
