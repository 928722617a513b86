package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.StoreException;
import io.outfeed.internal.document.RunDocument;
import io.outfeed.internal.document.StepLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.state.Document;
import io.outfeed.run.ExportRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of a file whose last append a crash has interrupted, and what is damage. */
class StepLogTest {

    private static final String FILE = "jobs/rows/open/1";

    /** The states of a run, of which the first step has all. */
    private final List<ExportRun> states = new ArrayList<>();

    /** Where the record of each state ends. */
    private final List<Integer> ends = new ArrayList<>();

    private final byte[] content = file();

    private byte[] file() {
        byte[] file = {};
        List<ExportRun> history = new ArrayList<>(SampleRuns.history(2).subList(0, 6));
        history.add(3, history.get(2)); // nothing has changed: a record without lines
        history.add(
                RunBuilder.of(history.get(history.size() - 1)).note("Zürich").build());
        RunStep step = RunStep.whole(history.get(0));
        for (ExportRun run : history) {
            step = run == history.get(0) ? step : RunStep.change(step.run(), run);
            file = Document.concatenated(file, step.record().bytes());
            states.add(step.run());
            ends.add(file.length);
        }
        return file;
    }

    private void assertReads(byte[] torn, int state, String what) {
        StepLog log = StepLog.ofFile(FILE, torn);
        ExportRun run = log.run("job");
        assertThat(RunDocument.write(run).lines())
                .as(what)
                .isEqualTo(RunDocument.write(states.get(state)).lines());
        assertThat(run.steps()).as(what).isEqualTo(state + 1);
        assertThat(log.end()).as(what).isEqualTo(ends.get(state).longValue());
    }

    private void assertUnreadable(byte[] damaged, String what) {
        assertThatThrownBy(() -> StepLog.ofFile(FILE, damaged).run("job"))
                .as(what)
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(FILE + " ");
    }

    /** The last state whose record ends at or before a place; -1 for none. */
    private int stateAt(int length) {
        return (int) ends.stream().filter(end -> end <= length).count() - 1;
    }

    @Test
    void should_ignore_a_record_that_is_cut_short_at_any_byte() {
        for (int length = ends.get(0); length <= content.length; length++) {
            assertReads(Arrays.copyOf(content, length), stateAt(length), length + " bytes");
        }
    }

    /** The first record is not appended: its file gets its name when all of it is on the disk. */
    @Test
    void should_call_a_file_damaged_whose_first_record_is_cut_short() {
        for (int length = 0; length < ends.get(0); length++) {
            assertUnreadable(Arrays.copyOf(content, length), length + " bytes");
        }
    }

    /** The file system has the new length of the file, and not all of its blocks. */
    @Test
    void should_ignore_a_last_record_whose_bytes_were_not_written() {
        for (int state = 1; state < states.size(); state++) {
            int begin = ends.get(state - 1);
            int end = ends.get(state);
            for (int at = begin; at < end; at++) {
                byte[] withoutEnd = Arrays.copyOf(content, end);
                Arrays.fill(withoutEnd, at, end, (byte) 0);
                assertReads(withoutEnd, state - 1, "zeros from " + at);
                byte[] withoutBeginning = Arrays.copyOf(content, end);
                Arrays.fill(withoutBeginning, begin, at + 1, (byte) 0);
                assertReads(withoutBeginning, state - 1, "zeros up to " + at);
            }
            assertReads(Arrays.copyOf(Arrays.copyOf(content, end), end + 4096), state, "zeros after the record");
        }
    }

    @Test
    void should_call_zeros_damage_where_a_record_follows() {
        for (int at = 0; at < ends.get(ends.size() - 2); at++) {
            byte[] damaged = content.clone();
            damaged[at] = 0;
            assertUnreadable(damaged, "a zero at " + at);
        }
    }

    @Test
    void should_notice_each_damaged_byte() {
        for (int at = 0; at < content.length; at++) {
            for (int bit : List.of(1, 4, 16)) {
                byte[] damaged = content.clone();
                damaged[at] ^= (byte) bit;
                if (damaged[at] != 0) {
                    assertUnreadable(damaged, "bit " + bit + " of byte " + at);
                }
            }
        }
    }

    @Test
    void should_notice_a_record_that_is_missing_or_there_twice() {
        for (int state = 1; state < states.size() - 1; state++) {
            byte[] before = Arrays.copyOf(content, ends.get(state - 1));
            byte[] record = Arrays.copyOfRange(content, ends.get(state - 1), ends.get(state));
            byte[] after = Arrays.copyOfRange(content, ends.get(state), content.length);

            assertUnreadable(Document.concatenated(before, after), "without step " + state);
            assertUnreadable(
                    Document.concatenated(before, Document.concatenated(record, record)),
                    "with step " + state + " twice");
        }
    }

    @Test
    void should_say_what_is_damaged() {
        assertThatThrownBy(() -> StepLog.ofFile(FILE, "what".getBytes(StandardCharsets.UTF_8)))
                .hasMessageStartingWith(FILE + " is damaged (it does not begin as a file of the store does): ");
        byte[] damaged = content.clone();
        damaged[ends.get(1) - 2] ^= 1;
        assertThatThrownBy(() -> StepLog.ofFile(FILE, damaged))
                .hasMessageStartingWith(FILE + " is damaged (its checksum is wrong): ");
        byte[] more = Document.concatenated(content, "what\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> StepLog.ofFile(FILE, more))
                .hasMessageStartingWith(FILE + " is damaged (a step is not legible): ");
        byte[] newer = "# outfeed 3 step=0\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> StepLog.ofFile(FILE, newer))
                .hasMessage(FILE + " was written by a newer version of Outfeed: run that version, or a newer one");
    }

    @Test
    void should_be_readable_text() {
        assertThat(new String(content, StandardCharsets.UTF_8))
                .startsWith("# outfeed 2 step=0 whole bytes=")
                .contains("\nstatus=STAGED\n", "\nnote=Zürich\n");
    }
}
