package io.outfeed.internal.spool;

import io.outfeed.internal.io.OwnerOnly;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that a run is writing. A run may write more files than a process may have open: beyond a limit, the least
 * recently written one is closed until it is written again. Used by one thread.
 */
public final class OpenFiles implements Closeable {

    /** How many files are open at a time: four workers stay below the usual limit of 1024 per process. */
    static final int MAX_OPEN = 200;

    /** In access order: the last one was written most recently. */
    private final Map<Path, FileOutputStream> open = new LinkedHashMap<>(16, 0.75f, true);

    private int created;

    /** Creates an empty file. */
    void create(Path file) throws IOException {
        makeRoom();
        open.put(file, OwnerOnly.create(file));
        created++;
    }

    /** Returns how many files were created. */
    public int created() {
        return created;
    }

    /** Returns a stream that appends to a file, which is created if it does not exist. Use it before the next call. */
    FileOutputStream append(Path file) throws IOException {
        FileOutputStream out = open.get(file);
        if (out == null) {
            makeRoom();
            out = Files.exists(file) ? new FileOutputStream(file.toFile(), true) : OwnerOnly.create(file);
            open.put(file, out);
        }
        return out;
    }

    private void makeRoom() throws IOException {
        if (open.size() == MAX_OPEN) {
            close(open.keySet().iterator().next());
        }
    }

    /** Closes a file, if it is open. */
    void close(Path file) throws IOException {
        FileOutputStream out = open.remove(file);
        if (out != null) {
            out.close();
        }
    }

    /** Closes all files, even if closing one fails. */
    @Override
    public void close() throws IOException {
        IOException first = null;
        for (Path file : List.copyOf(open.keySet())) {
            try {
                close(file);
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
