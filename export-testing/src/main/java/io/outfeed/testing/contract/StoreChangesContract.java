package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.internal.model.RunBuilder;
import io.outfeed.operation.History;
import io.outfeed.operation.JobPause;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobState;
import io.outfeed.store.StoreChanges;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes that share a store learn of each other; skipped for a store that has one node. */
abstract class StoreChangesContract extends StoreFixture {

    private static final FirePlan DAILY = FirePlan.of("daily at 07:00 UTC", Optional.of(NOON));
    private static final FirePlan WEEKLY = FirePlan.of("weekly on MONDAY at 07:00 UTC", Optional.of(NOON));

    private ExportStore other;
    private long version;

    @BeforeEach
    void follow() throws Exception {
        Optional<StoreChanges> first = store.changesSince(StoreChanges.FIRST);
        assumeTrue(first.isPresent(), "skipped: this store has one node");
        other = secondNode();
        version = first.orElseThrow().version();
    }

    private StoreChanges changes() {
        StoreChanges changes = other.changesSince(version).orElseThrow();
        version = changes.version();
        return changes;
    }

    @Test
    void should_have_a_clock_and_a_lease() {
        StoreChanges first = changes();
        StoreChanges second = changes();

        assertThat(second.now()).isAfterOrEqualTo(first.now());
        assertThat(second.lease()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(second.changed()).isEmpty();
    }

    @Test
    void should_tell_once_that_the_schedule_of_a_job_was_changed() {
        store.replaceFirePlan("job", Optional.empty(), DAILY);
        assertThat(changes().changed()).as("it is new").isEmpty();

        store.replaceFirePlan("job", Optional.of(DAILY), WEEKLY);
        store.replaceFirePlan("job", Optional.of(DAILY), WEEKLY);

        assertThat(changes().changed()).containsExactly("job");
        assertThat(changes().changed()).isEmpty();
        assertThat(other.changesSince(StoreChanges.FIRST).orElseThrow().changed())
                .as("a node that starts now reads all jobs")
                .isEmpty();
    }

    @Test
    void should_tell_of_pauses_and_not_of_other_states() {
        JobState failed = JobState.NONE.toFailures(1);
        store.replaceJobState("job", JobState.NONE, failed);
        assertThat(changes().changed()).isEmpty();

        JobState paused = failed.toPaused(new JobPause(JobPause.By.OPERATOR, "maintenance", NOON));
        store.replaceJobState("job", failed, paused);
        assertThat(changes().changed()).containsExactly("job");

        store.replaceJobState("job", paused, paused.toResumed());
        assertThat(changes().changed()).containsExactly("job");
    }

    @Test
    void should_tell_of_removed_and_renamed_jobs() {
        for (String job : new String[] {"kept", "purged", "renamed"}) {
            store.replaceFirePlan(job, Optional.empty(), DAILY);
        }
        try (JobLock kept = lock("kept");
                JobLock purged = lock("purged")) {
            store.removeJob(kept, History.KEEP, run -> {});
            store.removeJob(purged, History.PURGE, run -> {});
        }
        store.renameJob(lock("renamed"), "new");

        assertThat(changes().changed()).containsExactlyInAnyOrder("kept", "purged", "renamed");
    }

    @Test
    void should_tell_of_runs_that_wait_and_not_of_other_steps() {
        JobLock lock = lock("job");
        saved(lock, RunStatus.PLANNED);
        saved(lock, RunStatus.STAGED);
        assertThat(changes().changed()).isEmpty();

        save(
                lock,
                RunBuilder.of(run(lock).build())
                        .waiting(new Waiting(NOON, Waiting.Cause.BACKOFF))
                        .build());

        assertThat(changes().changed()).containsExactly("job");
    }

    @Test
    void should_tell_which_locks_have_an_owner() throws Exception {
        JobLock lost = lock("lost");
        JobLock released = lock("released");
        lock("held");
        released.close();
        assumeTrue(implementation().breakLock(lost), "skipped: this store takes no lock away");

        StoreChanges changes = changes();

        assertThat(changes.locked()).containsExactly("held");
        assertThat(changes.abandoned()).containsExactly("lost");
    }
}
