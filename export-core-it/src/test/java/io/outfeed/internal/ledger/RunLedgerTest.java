package io.outfeed.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.StoreException;
import io.outfeed.event.DeliveryLinks;
import io.outfeed.event.RunEvent;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.SettableClock;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A store whose answers to writes get lost. */
class RunLedgerTest {

    private enum Answer {
        GIVEN,
        /** The store has taken the step. */
        LOST,
        /** The store has not taken the step. */
        NOT_REACHED
    }

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final InMemoryStore store = new InMemoryStore();
    private final JobLock lock = store.tryLock("visits").orElseThrow();
    private final List<RunEvent.Kind> events = new ArrayList<>();
    private Answer answer = Answer.GIVEN;
    private final RunLedger ledger = ledger();

    private RunLedger ledger() {
        Listeners listeners = new Listeners(
                List.of(event -> events.add(((RunEvent) event).kind())), Runnable::run, DeliveryLinks.NONE);
        return new RunLedger(unreliable(), SettableClock.at(NOON), listeners, lock);
    }

    private ExportStore unreliable() {
        return (ExportStore) Proxy.newProxyInstance(
                ExportStore.class.getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("append") || answer == Answer.GIVEN) {
                        return method.invoke(store, arguments);
                    }
                    if (answer == Answer.LOST) {
                        method.invoke(store, arguments);
                    }
                    answer = Answer.GIVEN;
                    throw new StoreException("the connection broke off, as the test wanted", null);
                });
    }

    private ExportRun planned() {
        return RunBuilder.planned(store.newRunNumber(), "visits", Trigger.MANUAL, NOON)
                .build();
    }

    private void saveWithoutAnswer(ExportRun run, Answer lost) {
        answer = lost;
        assertThatThrownBy(() -> ledger.save(run)).isInstanceOf(StoreException.class);
    }

    private static ExportRun rejecting(ExportRun run, int rejected) {
        return RunBuilder.of(run).rejected(rejected).build();
    }

    private Optional<ExportRun> stored() {
        return store.run(1);
    }

    @Test
    void should_continue_after_a_step_whose_answer_was_lost() {
        ExportRun run = ledger.save(planned());
        saveWithoutAnswer(rejecting(run, 1), Answer.LOST);
        assertThat(stored()).map(ExportRun::rejected).contains(1);

        ExportRun saved = ledger.save(rejecting(run, 2));

        assertThat(saved.steps()).isEqualTo(3);
        assertThat(stored()).map(ExportRun::rejected).contains(2);
        assertThat(stored()).map(ExportRun::steps).contains(3);
    }

    @Test
    void should_continue_after_a_step_that_did_not_reach_the_store() {
        ExportRun run = ledger.save(planned());
        saveWithoutAnswer(rejecting(run, 1), Answer.NOT_REACHED);

        ExportRun saved = ledger.save(rejecting(run, 2));

        assertThat(saved.steps()).isEqualTo(2);
        assertThat(stored()).map(ExportRun::rejected).contains(2);
    }

    @Test
    void should_continue_after_a_first_step_without_an_answer() {
        for (Answer lost : List.of(Answer.LOST, Answer.NOT_REACHED)) {
            ExportRun run = planned();
            saveWithoutAnswer(run, lost);

            ledger.save(rejecting(run, 2));

            assertThat(store.run(run.number())).map(ExportRun::rejected).contains(2);
        }
    }

    @Test
    void should_publish_a_phase_once_its_step_is_stored() {
        ExportRun run = ledger.save(planned());
        ExportRun staged = RunBuilder.of(run).status(RunStatus.STAGED).build();
        saveWithoutAnswer(staged, Answer.LOST);
        assertThat(events).containsExactly(RunEvent.Kind.PLANNED);

        ledger.save(staged);

        assertThat(events).containsExactly(RunEvent.Kind.PLANNED, RunEvent.Kind.STAGED);
    }

    @Test
    void should_not_overwrite_what_others_have_written_since() {
        ExportRun run = ledger.save(planned());
        saveWithoutAnswer(rejecting(run, 1), Answer.LOST);
        ledger().save(rejecting(stored().orElseThrow(), 7));

        assertThatThrownBy(() -> ledger.save(rejecting(run, 2)))
                .isInstanceOf(StoreException.class)
                .hasMessage("the run was changed in the meantime: nothing was written; read it again (job=visits,"
                        + " run=1)");
        assertThat(stored()).map(ExportRun::rejected).contains(7);
    }

    @Test
    void should_refuse_a_run_that_was_read_before_others_have_written() {
        ExportRun run = ledger.save(planned());
        ledger().save(rejecting(run, 7));

        assertThatThrownBy(() -> ledger().save(rejecting(run, 2))).isInstanceOf(StoreException.class);
        assertThat(stored()).map(ExportRun::rejected).contains(7);
    }
}
