package io.outfeed.internal.document;

import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.model.StoredSteps;
import io.outfeed.internal.state.Document;
import io.outfeed.run.ExportRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a run as they are stored: the first has the whole run, the others what has changed.
 *
 * <p>An append that a crash has interrupted leaves a part of the last record, or zeros where the disk has not got the
 * bytes: that record is ignored, since no caller has an answer for it. Whatever else is wrong is damage.
 */
public final class StepLog {

    private final String source;
    private final Document document = new Document();
    private StoredSteps steps = StoredSteps.NONE;
    private String lastHead = "";
    private long end;

    private StepLog(String source) {
        this.source = source;
    }

    /** Reads a file of records. */
    public static StepLog ofFile(String source, byte[] content) {
        StepLog log = new StepLog(source);
        int begin = 0;
        while (begin < content.length) {
            Optional<StepRecord.Head> head = StepRecord.Head.at(content, begin);
            if (head.isEmpty() || !head.get().isSound(content)) {
                if (begin == 0 || !isTorn(content, begin, head)) {
                    throw log.unreadable(content, begin);
                }
                break;
            }
            log.add(head.get(), head.get().record(content));
            begin = Math.toIntExact(head.get().end());
        }
        if (log.steps.count() == 0) {
            throw log.unreadable(content, 0);
        }
        log.end = begin;
        return log;
    }

    /** Reads texts that have a record each, all of it. */
    public static StepLog ofTexts(String source, List<String> texts) {
        List<byte[]> records = new ArrayList<>();
        texts.forEach(text -> records.add(text.getBytes(StandardCharsets.UTF_8)));
        StepLog log = new StepLog(source);
        for (byte[] record : records) {
            StepRecord.Head head = StepRecord.Head.at(record, 0)
                    .filter(found -> found.isSound(record) && found.end() == record.length)
                    .orElseThrow(() -> log.unreadable(record, 0));
            log.add(head, head.record(record));
        }
        if (texts.isEmpty()) {
            throw Document.damaged(source, "it has no step", null);
        }
        return log;
    }

    private void add(StepRecord.Head head, StepRecord step) {
        boolean expected = steps.count() == 0 ? step.whole() : !step.whole() && step.index() == steps.count();
        if (!expected) {
            throw Document.damaged(source, "step " + step.index() + " does not follow the one before", null);
        }
        document.apply(Document.ofLines(source, step.lines()));
        long size = step.lines().length();
        steps = step.whole() ? new StoredSteps(step.index(), 0, 0).plusWhole(size) : steps.plusChange(size);
        lastHead = head.text();
    }

    /** Whether the record at a place is the last one, and an interrupted append explains what is wrong with it. */
    private static boolean isTorn(byte[] content, int begin, Optional<StepRecord.Head> head) {
        if (head.isPresent()) {
            StepRecord.Head known = head.get();
            return known.isCutShort(content)
                    || (known.end() == content.length && StepRecord.indexOf(content, begin, 0) >= 0);
        }
        if (StepRecord.indexOf(content, begin, 0) < 0) {
            return StepRecord.Head.isCutShort(content, begin);
        }
        for (int i = begin + 1; i < content.length; i++) {
            if (content[i] == '#' && StepRecord.Head.at(content, i).isPresent()) {
                return false; // another record follows
            }
        }
        return true;
    }

    private RuntimeException unreadable(byte[] content, int begin) {
        String beginning = new String(
                content,
                begin,
                Math.min(content.length - begin, StepRecord.BEGINNING.length()),
                StandardCharsets.UTF_8);
        if (!beginning.startsWith("# outfeed ")) {
            String what = begin == 0 ? "it does not begin as a file of the store does" : "a step is not legible";
            return Document.damaged(source, what, null);
        }
        if (beginning.matches("# outfeed (?!2)\\d .*")) {
            return Document.newer(source);
        }
        return Document.damaged(source, "its checksum is wrong", null);
    }

    /** Returns the run after the last step. */
    public ExportRun run(String job) {
        return Document.convert(
                source,
                () -> RunBuilder.of(RunDocument.read(job, document))
                        .storedSteps(steps)
                        .build());
    }

    /** Returns the head of the last record that is whole: it tells whether a step is that one. */
    public String lastHead() {
        return lastHead;
    }

    /** Returns where the next record begins. */
    public long end() {
        return end;
    }
}
