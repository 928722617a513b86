package io.outfeed.internal.document;

import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.model.StoredSteps;
import io.outfeed.internal.state.Document;
import io.outfeed.internal.state.StepRecord;
import io.outfeed.run.ExportRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The steps of a run as they are stored: the first has the whole run, the others what has changed. */
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
        log.end = StepRecord.readAll(source, content, log::add);
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
                    .orElseThrow(() -> StepRecord.unreadable(source, record, 0));
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
