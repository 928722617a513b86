package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import io.outfeed.store.RunStep;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of a store share: the store that is tested, and runs to put into it. */
abstract class StoreFixture {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    /** Characters that formats of files and tables are prone to lose. */
    static final String STRANGE = " leading, # ! = : \\ \\n ' \" % ; -- \t tab\nsecond line\r\nZürich \uD83D\uDE00 ";

    static final Window WINDOW =
            new Window(Position.of(NOON.minus(Duration.ofDays(1))), Position.of(NOON.minus(Duration.ofMinutes(2))));

    /** What a host sees that has just been started, or restarted by {@link #restart}. */
    ExportStore store;

    /** The stores that are tested. */
    abstract ExportStoreContract implementation();

    @BeforeEach
    void takeFirstStore() {
        store = implementation().firstStore();
    }

    void restart() throws Exception {
        store = implementation().opened(implementation().reopen(store));
    }

    ExportStore secondNode() throws Exception {
        return implementation().opened(implementation().secondNode(store));
    }

    JobLock lock(String job) {
        return store.tryLock(job).orElseThrow(() -> new AssertionError("the lock of '" + job + "' is not free"));
    }

    RunBuilder run(JobLock lock) {
        return RunBuilder.planned(store.newRunNumber(), lock.job(), Trigger.SCHEDULED, NOON)
                .token(lock.token());
    }

    ExportRun saved(JobLock lock, RunStatus status) {
        return save(lock, run(lock).status(status).build());
    }

    /** Saves a run as the engine does. Returns it as it is stored. */
    ExportRun save(JobLock lock, ExportRun run) {
        return save(store, lock, run);
    }

    static ExportRun save(ExportStore store, JobLock lock, ExportRun run) {
        RunStep step =
                store.run(run.number()).map(before -> RunStep.next(before, run)).orElseGet(() -> RunStep.whole(run));
        assertThat(store.append(lock, step)).isTrue();
        return step.run();
    }

    ExportRun ended(JobLock lock, Duration startedAfterNoon, Duration endedAfterNoon) {
        return save(lock, endedRun(lock, startedAfterNoon, endedAfterNoon));
    }

    ExportRun endedRun(JobLock lock, Duration startedAfterNoon, Duration endedAfterNoon) {
        return RunBuilder.planned(store.newRunNumber(), lock.job(), Trigger.SCHEDULED, NOON.plus(startedAfterNoon))
                .token(lock.token())
                .status(RunStatus.COMMITTED)
                .endedAt(NOON.plus(endedAfterNoon))
                .build();
    }

    /** Saves a run whose positions have moved before, as the engine does. */
    ExportRun committed(JobLock lock, ExportRun run) {
        store.commit(lock, store.positions(lock.job()), positions(run.number()));
        return save(lock, run);
    }

    static JobPositions positions(long run) {
        DailySequence daily = new DailySequence(LocalDate.EPOCH.plusDays(run), 3);
        return new JobPositions(Map.of("visits", Position.of(run)), run, run, Optional.of(daily));
    }

    static List<Long> numbers(List<ExportRun> runs) {
        return runs.stream().map(ExportRun::number).toList();
    }

    void assertKept(ExportRun expected) {
        assertThat(store.run(expected.number()).map(StoreFixture::everything)).contains(everything(expected));
    }

    /** All properties of a run, as texts that a failed assertion can show. */
    static Map<String, String> everything(ExportRun run) {
        Map<String, String> values = new TreeMap<>();
        for (Method method : ExportRun.class.getMethods()) {
            if (method.getDeclaringClass() == ExportRun.class
                    && method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())
                    && !Set.of("toString", "deliveries", "steps").contains(method.getName())) {
                try {
                    values.put(method.getName(), String.valueOf(method.invoke(run)));
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(e.getMessage(), e);
                }
            }
        }
        values.put(
                "deliveries",
                run.deliveries().stream().map(StoreFixture::everything).toList() + "");
        return values;
    }

    static List<Object> everything(FileDelivery step) {
        return List.of(
                step.delivery(),
                step.path(),
                step.state(),
                step.token(),
                step.uploads(),
                step.taken(),
                step.repeated(),
                step.recipients().stream().map(StoreFixture::everything).toList(),
                step.prepared(),
                step.request(),
                step.receipt(),
                step.publishedAt(),
                step.watch(),
                step.removal());
    }

    private static List<Object> everything(RecipientDelivery recipient) {
        return List.of(
                recipient.number(), recipient.key(), recipient.state(), recipient.repeated(), recipient.refusal());
    }

    static void assertRefused(FailureCode code, ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    static void assertRefused(ThrowingCallable write) {
        assertThatThrownBy(write).isInstanceOf(StoreException.class);
    }
}
