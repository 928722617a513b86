package io.outfeed.testing;

import io.outfeed.scheduler.Scheduler;
import io.outfeed.testing.contract.SchedulerContract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

class ManualSchedulerContractTest extends SchedulerContract {

    @Override
    protected Driver driver() {
        SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        ManualScheduler scheduler = new ManualScheduler(clock);
        return new Driver() {
            @Override
            public Scheduler scheduler() {
                return scheduler;
            }

            @Override
            public Clock clock() {
                return clock;
            }

            @Override
            @SuppressWarnings("EmptyCatch") // the test gets what jobs throw; here they throw on purpose
            public void advance(Duration duration) {
                try {
                    scheduler.advance(duration);
                } catch (IllegalStateException | StackOverflowError expected) {
                    // see above
                }
            }

            @Override
            public boolean setBack(Duration duration) {
                clock.advance(duration.negated());
                advance(Duration.ZERO);
                return true;
            }

            @Override
            public int threads() {
                return 0;
            }
        };
    }
}
