package io.outfeed.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.StoreException;
import io.outfeed.internal.document.RunDocument;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.WatchRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunStepTest {

    /** Returns the steps by which the engine saves the states of a run. */
    private static List<RunStep> steps(List<ExportRun> history) {
        List<RunStep> steps = new ArrayList<>(List.of(RunStep.whole(history.get(0))));
        history.subList(1, history.size())
                .forEach(run ->
                        steps.add(RunStep.next(steps.get(steps.size() - 1).run(), run)));
        return steps;
    }

    /** Returns the texts that a store has after the steps. */
    private static List<String> stored(List<RunStep> steps) {
        List<String> texts = new ArrayList<>();
        for (RunStep step : steps) {
            if (step.whole()) {
                texts.clear();
            }
            texts.add(step.text());
        }
        return texts;
    }

    private static void assertReadBack(List<RunStep> steps) {
        ExportRun expected = steps.get(steps.size() - 1).run();
        ExportRun read = RunStep.read("job", stored(steps), "test");
        assertThat(RunDocument.write(read).lines())
                .isEqualTo(RunDocument.write(expected).lines());
        assertThat(read.steps()).isEqualTo(expected.steps()).isEqualTo(steps.size());
    }

    @Test
    void should_have_the_keys_that_differ() {
        ExportRun before = RunStep.whole(SampleRuns.staged(2)).run();
        ExportRun after = SampleRuns.with(before, 1, SampleRuns::prepared);

        RunStep step = RunStep.change(before, after);

        assertThat(step.text()).isEqualTo("""
                        # outfeed 2 step=1 change bytes=92 crc32=af58e285 head=89b1d409
                        step.1.location=/out/rows-1.csv
                        step.1.state=PREPARED
                        step.1.temporary=/out/rows-1.csv.part
                        """);
        assertThat(step.run().steps()).isEqualTo(2);
        assertThat(step).hasToString("step 1 of run 1 of job 'job': STAGED");
    }

    @Test
    void should_name_the_keys_that_are_gone() {
        RunStep first = RunStep.whole(RunBuilder.of(SampleRuns.staged(1))
                .sensitive(true)
                .note("Zürich")
                .build());
        ExportRun before = first.run();
        ExportRun after = RunBuilder.of(before)
                .sensitive(false)
                .note("")
                .deliveryIds(List.of())
                .build();

        RunStep step = RunStep.change(before, after);

        assertThat(step.text()).endsWith("\nremoved=note sensitive delivery.0 delivery.1\n");
        assertReadBack(List.of(first, step));
    }

    @Test
    void should_make_each_run_of_each_other() {
        Random random = new Random(20260301);
        for (int i = 0; i < 2000; i++) {
            ExportRun first = SampleRuns.random(random);
            ExportRun second = SampleRuns.random(random);
            ExportRun third = SampleRuns.random(random);

            assertReadBack(steps(List.of(first, second, third)));
        }
    }

    @Test
    void should_be_read_back_after_each_step_of_a_run() {
        List<RunStep> steps = steps(SampleRuns.history(20));

        for (int i = 1; i <= steps.size(); i++) {
            assertReadBack(steps.subList(0, i));
        }
    }

    @Test
    void should_be_whole_at_the_end_of_a_run() {
        List<RunStep> steps = steps(SampleRuns.history(3));

        assertThat(steps).filteredOn(RunStep::whole).extracting(RunStep::index).containsExactly(0, 15);
        assertThat(steps.get(15).run().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(stored(steps)).hasSize(1);
    }

    @Test
    void should_be_a_change_after_the_end_until_the_changes_have_outgrown_the_run() {
        List<RunStep> steps = steps(SampleRuns.history(10));
        int ended = steps.size();

        for (int i = 0; i < 1000; i++) {
            ExportRun before = steps.get(steps.size() - 1).run();
            WatchRecord seen = WatchRecord.NONE.toSeen(SampleRuns.NOON.plusSeconds(i), Optional.empty());
            int delivery = i % before.deliveries().size();
            steps.add(RunStep.next(before, SampleRuns.with(before, delivery, file -> file.toWatched(seen))));
        }

        assertThat(steps.subList(ended, steps.size()))
                .filteredOn(RunStep::whole)
                .hasSizeBetween(2, 20);
        assertThat(stored(steps).stream().mapToInt(String::length).sum()).isLessThan(50_000);
        assertReadBack(steps);
    }

    /** The watch changes all files of a run in one step. */
    @Test
    void should_be_whole_where_a_change_is_larger_than_the_run() {
        ExportRun planned = RunStep.whole(SampleRuns.planned()).run();

        assertThat(RunStep.next(planned, SampleRuns.staged(2)).whole()).isFalse();
        assertThat(RunStep.next(planned, SampleRuns.staged(200)).whole()).isTrue();
    }

    @Test
    void should_cost_as_many_characters_as_there_are_files() {
        long before = characters(25);
        for (int files : List.of(50, 100, 200, 400)) {
            long characters = characters(files);
            System.out.printf("%d files to 2 destinations: %d characters in steps%n", files, characters);
            assertThat(characters).isLessThan(before * 22 / 10);
            before = characters;
        }
    }

    private static long characters(int files) {
        return steps(SampleRuns.history(files)).stream()
                .mapToLong(step -> step.text().length())
                .sum();
    }

    @Test
    void should_not_depend_on_the_size_of_the_run() {
        for (int files : List.of(2, 2000)) {
            ExportRun before = RunStep.whole(SampleRuns.staged(files)).run();

            assertThat(RunStep.change(before, SampleRuns.with(before, 1, SampleRuns::prepared))
                            .text())
                    .hasSizeLessThan(200);
        }
    }

    @Test
    void should_compare_only_the_elements_that_are_other_objects() {
        ExportRun before = RunStep.whole(SampleRuns.staged(2000)).run();
        ExportRun equal = RunBuilder.of(before)
                .deliveries(before.deliveries().stream()
                        .map(file -> FileDelivery.pending(file.delivery(), file.path()))
                        .toList())
                .build();

        assertThat(RunStep.change(before, equal).text()).contains(" bytes=0 ").endsWith("\n");
    }

    @Test
    void should_change_only_what_is_stored() {
        ExportRun unsaved = SampleRuns.planned();

        assertThatThrownBy(() -> RunStep.change(unsaved, unsaved)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void should_not_be_read_from_texts_that_lack_a_step() {
        List<String> texts = stored(steps(SampleRuns.history(2)).subList(0, 5));
        List<String> gap = List.of(texts.get(0), texts.get(1), texts.get(3));

        assertThatThrownBy(() -> RunStep.read("job", gap, "run 1"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("run 1 is damaged (step 3 does not follow the one before): ");
        for (List<String> none : List.of(List.<String>of(), texts.subList(1, 3))) {
            assertThatThrownBy(() -> RunStep.read("job", none, "run 1"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("run 1 is damaged (");
        }
    }

    @Test
    void should_not_be_read_from_a_text_that_is_cut_off_or_longer() {
        List<String> texts = stored(steps(SampleRuns.history(1)).subList(0, 2));
        String last = texts.get(1);

        for (int length = 0; length < last.length(); length++) {
            List<String> cut = List.of(texts.get(0), last.substring(0, length));
            assertThatThrownBy(() -> RunStep.read("job", cut, "run 1"))
                    .as("%d characters", length)
                    .isInstanceOf(StoreException.class);
        }
        assertThatThrownBy(() -> RunStep.read("job", List.of(texts.get(0), last + last), "run 1"))
                .isInstanceOf(StoreException.class);
    }
}
