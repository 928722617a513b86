package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.RunQuery;
import io.outfeed.run.Trigger;
import io.outfeed.schedule.ExplainedFire;
import io.outfeed.schedule.Frequency;
import io.outfeed.schedule.Schedule;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans the fires of jobs in the store, and finds those that are due. Thread-safe. */
public final class FirePlanner {

    private static final Logger log = LoggerFactory.getLogger(FirePlanner.class);

    /** Fires beyond these are not counted one by one. */
    static final int COUNTED = 1000;

    private final ExportStore store;
    private final Clock clock;

    public FirePlanner(ExportStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * The result of planning a job.
     *
     * @param changed whether the schedule is new or was changed
     * @param leftBehind a fire that was due by the previous schedule
     * @param next the next fire, which may be due; empty if there is none
     */
    record Planned(boolean changed, Optional<Instant> leftBehind, Optional<Instant> next) {}

    /**
     * Keeps the plan of an unchanged schedule; a new or changed one is planned from now on.
     *
     * @param known the plan that the store has
     */
    Planned plan(ExportJob job, Optional<FirePlan> known) {
        Instant now = clock.instant();
        Optional<Instant> planned = known.flatMap(FirePlan::next);
        if (isPlanned(job, known)) {
            Optional<Instant> next = job.schedule().flatMap(schedule -> schedule.next(now));
            if (planned.isPresent() && next.filter(planned.get()::isAfter).isPresent()) {
                log.warn(
                        "The clock went back: {} has fired for times that are yet to come, and fires next at {}",
                        job,
                        planned.get());
            }
            return new Planned(false, Optional.empty(), planned);
        }
        FirePlan first = firstPlan(job);
        boolean changed = known.isPresent() || job.schedule().isPresent(); // else only its plan was missing
        if (!store.replaceFirePlan(job.name(), known, first)) { // another node has planned the job
            return new Planned(changed, Optional.empty(), next(job));
        }
        return new Planned(changed, planned.filter(at -> !at.isAfter(now)), first.next());
    }

    /** Tells whether a plan is that of the job's schedule. A job without one has a plan too, until it is removed. */
    private static boolean isPlanned(ExportJob job, Optional<FirePlan> known) {
        String description = description(job);
        return known.filter(plan -> plan.schedule().equals(description)).isPresent();
    }

    private static String description(ExportJob job) {
        return job.schedule().map(Schedule::description).orElse("");
    }

    /** Returns the plan of a job with a new or changed schedule: from now on. */
    FirePlan firstPlan(ExportJob job) {
        Instant now = clock.instant();
        Optional<Instant> next = job.schedule().flatMap(schedule -> schedule.next(now));
        return FirePlan.of(description(job), next.or(() -> pastFire(job, now)));
    }

    /** Returns the fire of a new schedule that fires only once, at a time that has passed, unless a run was for it. */
    private Optional<Instant> pastFire(ExportJob job, Instant now) {
        return job.schedule()
                .filter(schedule -> schedule.frequency() == Frequency.ONCE)
                .flatMap(schedule -> schedule.next(Instant.EPOCH))
                .filter(fire -> !fire.isAfter(now) && !hadRun(job, fire));
    }

    /** The plan does not tell: it is that of another schedule, or was removed with the job. */
    private boolean hadRun(ExportJob job, Instant fire) {
        RunQuery query = RunQuery.ofJob(job.name())
                .trigger(Trigger.SCHEDULED)
                .startedFrom(fire)
                .limit(COUNTED);
        return store.runs(query).stream()
                .anyMatch(run -> run.fireTime().filter(fire::equals).isPresent()
                        || run.coveredFires()
                                .filter(fires -> !fire.isBefore(fires.first()) && !fire.isAfter(fires.last()))
                                .isPresent());
    }

    /** Tells whether the store has the plan of a job that was armed: it has none of a job that was removed. */
    public boolean isPlanned(ExportJob job) {
        return store.firePlan(job.name()).isPresent();
    }

    /**
     * Returns a job with the schedule of its stored plan, which another node has changed since the job was added.
     *
     * @return the job; empty if it has that schedule, the stored one is none, or its description can't be read: then
     *     this node has no due fires
     */
    public Optional<ExportJob> withStoredSchedule(ExportJob job) {
        String known = job.schedule().map(Schedule::description).orElse("");
        Optional<String> stored =
                store.firePlan(job.name()).map(FirePlan::schedule).filter(text -> !text.equals(known));
        if (stored.filter(text -> !text.isEmpty()).isEmpty()) {
            return Optional.empty();
        }
        Optional<Schedule> schedule = ScheduleParser.parse(stored.get());
        if (schedule.isEmpty()) {
            log.warn(
                    "{} was given a schedule by another node that can't be read from the store, '{}', and is not run by"
                            + " this one: add it here with that schedule",
                    job,
                    stored.get());
        }
        return schedule.map(changed -> job.toBuilder().schedule(changed).build());
    }

    /** Returns the planned fire; empty if the plan is of another schedule, whose fires this node leaves to others. */
    Optional<Instant> next(ExportJob job) {
        String schedule = job.schedule().map(Schedule::description).orElse("");
        return store.firePlan(job.name())
                .filter(plan -> plan.schedule().equals(schedule))
                .flatMap(FirePlan::next);
    }

    /** Returns the first fire after now, whether or not one is due. */
    Optional<Instant> nextAfterNow(ExportJob job) {
        return job.schedule().flatMap(schedule -> schedule.next(clock.instant()));
    }

    /** Explains the next fires, the planned one first. */
    List<ExplainedFire> explain(ExportJob job, int n) {
        Instant after = next(job).map(planned -> planned.minusNanos(1)).orElseGet(clock::instant);
        return job.schedule().map(schedule -> schedule.explain(after, n)).orElse(List.of());
    }

    /**
     * The fires of a job that are due.
     *
     * @param plan the plan of the first one
     * @param first the first fire
     * @param beforeLast the last but one; empty if there is only one
     * @param last the last fire: its run covers the others
     * @param count the number of fires, counted up to {@link #COUNTED}
     * @param following the first fire after them
     */
    record DueFires(
            FirePlan plan,
            Instant first,
            Optional<Instant> beforeLast,
            Instant last,
            long count,
            Optional<Instant> following) {

        CoveredFires covered() {
            return new CoveredFires(first, last, count);
        }

        FirePlan.Claim claim() {
            return new FirePlan.Claim(plan, FirePlan.of(plan.schedule(), following));
        }
    }

    /** Returns the due fires. A plan of another schedule has none: the node that changed the schedule plans anew. */
    Optional<DueFires> due(ExportJob job) {
        Instant now = clock.instant();
        return job.schedule()
                .flatMap(schedule -> store.firePlan(job.name())
                        .filter(plan -> plan.schedule().equals(schedule.description()))
                        .filter(plan ->
                                plan.next().filter(at -> !at.isAfter(now)).isPresent())
                        .map(plan -> due(plan, schedule, now)));
    }

    private static DueFires due(FirePlan plan, Schedule schedule, Instant now) {
        Instant first = plan.next().orElseThrow();
        Instant last = first;
        Optional<Instant> beforeLast = Optional.empty();
        long count = 1;
        Optional<Instant> following = schedule.next(last);
        while (isDue(following, now) && count < COUNTED) {
            beforeLast = Optional.of(last);
            last = following.orElseThrow();
            following = schedule.next(last);
            count++;
        }
        if (isDue(following, now)) {
            Instant counted = last;
            last = lastUntil(now, counted, schedule);
            beforeLast = Optional.of(lastUntil(last.minusNanos(1), counted, schedule));
            following = schedule.next(last);
        }
        return new DueFires(plan, first, beforeLast, last, count, following);
    }

    private static boolean isDue(Optional<Instant> fire, Instant now) {
        return fire.filter(at -> !at.isAfter(now)).isPresent();
    }

    /** Returns the last fire up to a time, by bisection: a schedule may have millions of fires in a month. */
    private static Instant lastUntil(Instant until, Instant fire, Schedule schedule) {
        Instant low = fire;
        Instant high = until;
        Optional<Instant> next = schedule.next(low);
        while (isDue(next, until)) {
            Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
            Optional<Instant> behindMiddle = schedule.next(middle);
            if (isDue(behindMiddle, until)) {
                low = behindMiddle.orElseThrow();
            } else {
                high = middle;
                low = next.orElseThrow();
            }
            next = schedule.next(low);
        }
        return low;
    }
}
