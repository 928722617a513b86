package io.outfeed.internal.spool;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files that are being written. A process may not have as many open as a run may write: of these only some are, and the
 * one that was written to longest ago is closed for another, until its next bytes come. Used by one thread.
 */
public final class OpenFiles implements Closeable {

    /** How many are open at a time: four workers stay below the usual limit of a process, which is 1024. */
    static final int MOST = 200;

    /** The last one is the one that was written to last. */
    private final Map<Path, FileOutputStream> open = new LinkedHashMap<>(16, 0.75f, true);

    private int begun;

    /** Begins a file, without bytes. */
    void begin(Path file) throws IOException {
        makeRoom();
        open.put(file, new FileOutputStream(file.toFile()));
        begun++;
    }

    /** How many files were begun. */
    public int begun() {
        return begun;
    }

    /** The end of a file, which is made if it is not there. Use it before the next call. */
    FileOutputStream end(Path file) throws IOException {
        FileOutputStream out = open.get(file);
        if (out == null) {
            makeRoom();
            out = new FileOutputStream(file.toFile(), true);
            open.put(file, out);
        }
        return out;
    }

    private void makeRoom() throws IOException {
        if (open.size() == MOST) {
            close(open.keySet().iterator().next());
        }
    }

    /** Closes a file, which may be closed already. */
    void close(Path file) throws IOException {
        FileOutputStream out = open.remove(file);
        if (out != null) {
            out.close();
        }
    }

    /** Closes all files, even if one can't be. */
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
