package io.outfeed.scheduler;

import io.outfeed.testing.SettableClock;
import io.outfeed.testing.contract.SchedulerContract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

class InJvmSchedulerContractTest extends SchedulerContract {

    @Override
    protected Driver driver() {
        return new InJvmDriver(1);
    }

    /** Moves the clock, and makes the ticker read it. */
    static final class InJvmDriver implements SchedulerContract.Driver {

        private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        private final InJvmScheduler scheduler;
        private final int threads;

        InJvmDriver(int threads) {
            this.scheduler = new InJvmScheduler(threads);
            this.threads = threads;
        }

        @Override
        public Scheduler scheduler() {
            return scheduler;
        }

        @Override
        public Clock clock() {
            return clock;
        }

        @Override
        public void advance(Duration duration) {
            clock.advance(duration);
            scheduler.scheduleAt("never", Instant.MAX, 0);
        }

        @Override
        public boolean setBack(Duration duration) {
            advance(duration.negated());
            return true;
        }

        @Override
        public int threads() {
            return threads;
        }
    }
}
