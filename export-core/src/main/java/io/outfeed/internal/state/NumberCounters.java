package io.outfeed.internal.state;

import io.outfeed.error.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run numbers and fencing tokens of a {@link StateDirectory}, each given once. They are reserved in blocks, so that
 * most of them cost no write: after a crash the rest of a block is skipped. Thread-safe.
 */
public final class NumberCounters {

    private static final Logger log = LoggerFactory.getLogger(NumberCounters.class);

    private static final int BLOCK = 100;

    private final StateDirectory files;
    private Counters last;
    private Counters reserved;

    /** The last run number and the last token. */
    private record Counters(long run, long token) {

        private static Counters read(Document document) {
            return new Counters(document.number("run"), document.number("token"));
        }

        private Document write() {
            Document document = new Document();
            document.put("run", run);
            document.put("token", token);
            return document;
        }
    }

    public NumberCounters(StateDirectory files) {
        this.files = files;
        this.last = read(files);
        this.reserved = last;
    }

    /** Returns the last run number that was given, or skipped. */
    public synchronized long lastRun() {
        return last.run();
    }

    /** Never gives again what others have found in use. */
    public synchronized void skip(long run, long token) {
        last = new Counters(Math.max(last.run(), run), Math.max(last.token(), token));
    }

    public synchronized long nextRun() {
        give(new Counters(last.run() + 1, last.token()));
        return last.run();
    }

    public synchronized long nextToken() {
        give(new Counters(last.run(), last.token() + 1));
        return last.token();
    }

    /** The block is on the disk before a number of it is given: after a crash none is given again. */
    private void give(Counters next) {
        files.checkOpen();
        if (next.run() > reserved.run() || next.token() > reserved.token()) {
            Counters block = new Counters(next.run() + BLOCK, next.token() + BLOCK);
            files.write(files.counters(), block.write());
            reserved = block;
        }
        last = next;
    }

    /** Gives back what is left of the block. Where that fails it is skipped, as after a crash. */
    public synchronized void close() {
        try {
            if (!reserved.equals(last) && read(files).equals(reserved)) { // else the file was damaged or replaced
                files.write(files.counters(), last.write());
                reserved = last;
            }
        } catch (StoreException e) {
            log.warn("Run numbers and fencing tokens are skipped, as after a crash: {}", e.getMessage());
        }
    }

    private static Counters read(StateDirectory files) {
        return files.read(files.counters(), Counters::read).orElse(new Counters(0, 0));
    }
}
