package io.outfeed.examples;

import static java.util.Objects.requireNonNull;

import io.outfeed.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;

// quartz:begin
/** Wakes an engine by the threads of a Quartz scheduler, which the host starts and stops. Thread-safe. */
public final class QuartzScheduler implements Scheduler {

    private static final String GROUP = "outfeed";

    private final org.quartz.Scheduler quartz;
    private final Duration closeTimeout;

    // guarded by this
    private final Map<String, Runnable> beforeStart = new HashMap<>();
    private final Set<Thread> running = new HashSet<>();
    private @Nullable Consumer<String> handler;
    private Clock clock = Clock.systemUTC();
    private boolean closed;

    QuartzScheduler(org.quartz.Scheduler quartz, Duration closeTimeout) throws SchedulerException {
        this.quartz = quartz;
        this.closeTimeout = closeTimeout;
        quartz.getContext().put(GROUP, this);
    }

    /** The job of Quartz: one for each name, so that no name is woken twice at once. */
    @DisallowConcurrentExecution
    public static final class Wake implements Job {

        @Override
        public void execute(JobExecutionContext context) {
            try {
                Object scheduler = context.getScheduler().getContext().get(GROUP);
                ((QuartzScheduler) requireNonNull(scheduler))
                        .wake(context.getJobDetail().getKey().getName());
            } catch (SchedulerException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void wake(String job) {
        Consumer<String> woken;
        synchronized (this) {
            if (closed || handler == null) {
                return;
            }
            woken = handler;
            running.add(Thread.currentThread());
        }
        try {
            woken.accept(job);
        } finally {
            synchronized (this) {
                running.remove(Thread.currentThread());
                notifyAll();
            }
        }
    }

    @Override
    public synchronized void start(Clock engineClock, Consumer<String> woken) {
        if (handler != null || closed) {
            throw new IllegalStateException("the scheduler was started before, or is closed: make a new one");
        }
        clock = engineClock;
        handler = woken;
        beforeStart.values().forEach(Runnable::run);
        beforeStart.clear();
    }

    /** Quartz goes by the clock of the machine: it is given the time from now. */
    @Override
    public synchronized void scheduleAt(String job, Instant at, int priority) {
        if (closed) {
            return;
        }
        if (handler == null) {
            beforeStart.put(job, () -> scheduleAt(job, at, priority));
            return;
        }
        Duration rest = Duration.between(clock.instant(), at);
        long millis =
                System.currentTimeMillis() + Math.max(0, rest.plusNanos(999_999).toMillis());
        Date date = Date.from(Instant.ofEpochMilli(millis));
        try {
            quartz.scheduleJob(
                    JobBuilder.newJob(Wake.class).withIdentity(job, GROUP).build(),
                    Set.of(TriggerBuilder.newTrigger()
                            .withIdentity(job, GROUP)
                            .startAt(date)
                            .withPriority(priority)
                            .build()),
                    true);
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void cancel(String job) {
        beforeStart.remove(job);
        try {
            quartz.deleteJob(JobKey.jobKey(job, GROUP));
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            if (!running.contains(Thread.currentThread()) && !ended()) {
                running.forEach(Thread::interrupt);
                boolean unused = ended();
            }
        } catch (InterruptedException e) {
            running.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private boolean ended() throws InterruptedException {
        long end = System.nanoTime() + closeTimeout.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        return running.isEmpty();
    }
}
// quartz:end
