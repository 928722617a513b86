package io.outfeed.notification;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Status;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.internal.text.VisibleText;
import io.outfeed.notification.Notice.Fact;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What is known of an incident, each fact with its label. */
final class IncidentFacts {

    /** Of more jobs only the number is said: a notice is read on a telephone too. */
    private static final int NAMED_JOBS = 5;

    private static final int LONGEST_FACT = 2_000;

    private static final Pattern LINE_BREAK = Pattern.compile("\\s*[\\r\\n\\t]\\s*");

    private static final String CORRECT = "correct what the failure names";

    private final List<Fact> facts = new ArrayList<>();
    private final Incident incident;
    private final DateTimeFormatter time;

    private IncidentFacts(Incident incident, ZoneId zone) {
        this.incident = incident;
        String name = zone.equals(ZoneOffset.UTC) ? "'UTC'" : "VV";
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm " + name, Locale.ROOT)
                .withZone(zone);
    }

    static List<Fact> of(Incident incident, Instant now, ZoneId zone) {
        IncidentFacts facts = new IncidentFacts(incident, zone);
        facts.addAll(now);
        return List.copyOf(facts.facts);
    }

    private void addAll(Instant now) {
        String lasted = duration(incident.duration(now));
        incident.end().ifPresentOrElse(end -> ended(end, lasted), () -> {
            add("Since", time.format(incident.openedAt()) + (lasted.isEmpty() ? "" : ", for " + lasted));
            add("Failure", incident.message());
            add("Next", next());
        });
        if (incident.scope().kind() != Kind.JOB && !incident.jobs().isEmpty()) {
            add(incident.jobs().size() == 1 ? "Job" : "Jobs", jobNames());
        }
        if (incident.signs() > 1) {
            add("Seen", incident.signs() + " times, last at " + time.format(incident.lastSignAt()));
        }
        add("Code", incident.code().name());
    }

    private void ended(IncidentEnd end, String lasted) {
        add(
                "Lasted",
                (lasted.isEmpty() ? "less than a minute" : lasted) + ", from " + time.format(incident.openedAt())
                        + " to " + time.format(end.at()));
        switch (end.how()) {
            case RECOVERED -> {}
            case ACKNOWLEDGED -> add("Ended", "by a person: " + end.reason());
            case NO_LONGER_RELEVANT -> add("Ended", "no job uses it any more");
        }
        if (end.how() != IncidentEnd.How.NO_LONGER_RELEVANT && !incident.jobs().isEmpty()) {
            add("Now", openRuns(end.waitingJobs()));
        }
        add("Failure was", incident.message());
    }

    /** A message may have lines: they become one. */
    private void add(String label, String text) {
        String line = LINE_BREAK.matcher(text.strip()).replaceAll(" ");
        facts.add(new Fact(label, VisibleText.of(line, LONGEST_FACT)));
    }

    /** Empty below a minute. */
    private static String duration(Duration duration) {
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return "";
        } else if (duration.compareTo(Duration.ofDays(1)) < 0) {
            return (duration.toHours() == 0 ? "" : duration.toHours() + " h ") + duration.toMinutesPart() + " min";
        }
        return duration.toDays() + (duration.toDays() == 1 ? " day " : " days ") + duration.toHoursPart() + " h";
    }

    private String jobNames() {
        List<String> jobs = incident.jobs();
        String named = String.join(", ", jobs.subList(0, Math.min(jobs.size(), NAMED_JOBS)));
        int others = jobs.size() - NAMED_JOBS;
        if (others <= 0) {
            return named + (incident.moreJobs() ? " and more" : "");
        }
        return named + " and " + others + (incident.moreJobs() ? " or more" : "")
                + (others == 1 ? " other" : " others");
    }

    private String next() {
        if (incident.status() == Status.RECOVERING) {
            String jobs = incident.jobs().isEmpty() ? "" : "jobs that have waited run by themselves, ";
            return "nothing: it works again, " + jobs + "and it ends if it stays well";
        }
        return incident.nextTryAt()
                .map(at -> (incident.code().remedy() == FailureCode.Remedy.TIME ? "" : CORRECT + "; ") + nextTry(at))
                .orElseGet(() -> toDo(incident.code()));
    }

    private String nextTry(Instant at) {
        boolean forOthers = incident.jobs().size() > 1;
        return (forOthers ? "one job tries again at " : "the job tries again at ")
                + time.format(at)
                + (forOthers ? " for all" : "");
    }

    /** What a person does, where no job tries again. */
    private static String toDo(FailureCode code) {
        return switch (code) {
            case RUN_HELD -> "release or discard the run; until then the job delivers nothing";
            case RUN_UNCONFIRMED ->
                "ask the receiver whether it has the file, then acknowledge the run; later runs continue";
            case DELIVERY_OVERDUE -> "find out in the history of the job why nothing was delivered";
            case JOB_PAUSED -> CORRECT + ", then resume the job";
            case FILE_MISSING -> "check the destination; redeliver the run to send its files again";
            case RECORDS_LATE ->
                "nothing for these records; to lose none that come later still, give the watermark a longer settle"
                        + " time";
            case FIRES_SKIPPED -> "nothing: the next run has their records; run the job now if it can't wait";
            case JOBS_NOT_LOADED -> "nothing, unless it lasts: its jobs run as they were loaded last";
            case JOBS_MISSING -> "bring the rows back, or confirm that these jobs are to stop";
            case KEY_EXPIRING ->
                "ask the owner of the key for the renewed one; nothing is affected until it has expired";
            case JOB_INVALID -> "correct the row; the job runs on after the next load";
            default ->
                switch (code.remedy()) {
                    case TIME -> "nothing, unless it lasts";
                    case PERSON, DECISION -> CORRECT;
                    case CHANGED_JOB -> CORRECT + ", and add the job again";
                };
        };
    }

    private String openRuns(int waiting) {
        boolean several = incident.jobs().size() > 1;
        if (waiting == 0) {
            return (several ? "none of the jobs" : "no job") + " has an open run any more";
        }
        return waiting + (several ? " of " + IncidentWords.count(incident) : " job")
                + (waiting == 1 ? " still has" : " still have") + " an open run";
    }
}
