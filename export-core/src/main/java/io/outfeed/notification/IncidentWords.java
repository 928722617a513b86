package io.outfeed.notification;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Status;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.notification.Notice.Fact;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Incidents in words for people. */
final class IncidentWords {

    /** Of more jobs only the number is said: a notice is read on a telephone too. */
    private static final int NAMED_JOBS = 5;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private IncidentWords() {}

    static String headline(Notice notice) {
        Incident incident = notice.incident();
        String over = notice.kind() == Notice.Kind.ENDED || notice.kind() == Notice.Kind.OPENED_AND_ENDED
                ? "Over: "
                : notice.kind() == Notice.Kind.REMINDER ? "Still: " : "";
        boolean ofJob = incident.scope().kind() == Kind.JOB;
        return over + subject(incident) + " " + phrase(incident.code()) + (ofJob ? "" : ", " + jobs(incident));
    }

    private static String subject(Incident incident) {
        String name = incident.scope().name();
        return switch (incident.scope().kind()) {
            case SERVER, LOGIN -> name;
            case DESTINATION -> "destination " + name;
            case RECIPIENT -> "recipient " + name;
            case SOURCE -> "source of " + name;
            case JOB -> "job " + name;
            case NODE -> "the disk of the engine";
            case STORE -> "the store";
            case NOTIFIER -> "notifier " + name;
        };
    }

    /** Completes a sentence that begins with what the incident is about. */
    private static String phrase(FailureCode code) {
        return switch (code) {
            case SOURCE_UNAVAILABLE, DESTINATION_UNAVAILABLE, STORE_UNAVAILABLE -> "can't be reached";
            case SOURCE_ACCESS_DENIED, PERMISSION_DENIED -> "denies access";
            case SOURCE_REFUSED -> "has a source that refuses";
            case DEFINITION_INVALID -> "has a wrong definition";
            case MAPPING_FAILED -> "has a record that can't be mapped";
            case UNEXPECTED -> "failed in the host's code";
            case SECRET_UNAVAILABLE -> "lacks its password";
            case LOGIN_REFUSED -> "refuses the login";
            case IDENTITY_REFUSED -> "is not the trusted one";
            case DESTINATION_MISSING -> "does not exist";
            case DESTINATION_CHANGED -> "is another directory";
            case DESTINATION_FULL, DISK_FULL -> "is full";
            case DESTINATION_REFUSED -> "refuses files";
            case TEMPORARY_TAKEN -> "loses uploads";
            case NAME_OCCUPIED -> "meets another file of that name";
            case NAME_AWAITED -> "waits for its receiver";
            case PROTECTION_REQUIRED -> "needs a protected delivery";
            case STORE_DAMAGED -> "is damaged in the store";
            case STORE_MISSING -> "is gone";
            case POSITION_AHEAD -> "is ahead of the clock";
            case POSITIONS_MOVED -> "has positions that moved";
            case BYTES_ELSEWHERE -> "has its files on another node";
            case BYTES_CHANGED -> "has staged files that changed";
            case CRASHED -> "ends with its process";
            case TIME_LIMIT_EXCEEDED -> "exceeds its time limit";
            case RUN_HELD -> "has a held run";
            case RUN_UNCONFIRMED -> "has an unconfirmed file";
            case DELIVERY_OVERDUE -> "is overdue";
            case JOB_PAUSED -> "is paused";
            case FILE_MISSING -> "misses a delivered file";
            case RECORDS_LATE -> "has late records";
            case FIRES_SKIPPED -> "has skipped fire times";
            case LOCK_LOST, STOPPED, ALREADY_RUNNING, NOT_FOUND, DELIVERY_WINDOW_CLOSED -> "failed";
        };
    }

    private static String jobs(Incident incident) {
        int count = incident.jobs().size();
        return count + (incident.moreJobs() ? " or more" : "") + (count == 1 ? " job" : " jobs");
    }

    static List<Fact> facts(Notice notice, Instant now) {
        Incident incident = notice.incident();
        List<Fact> facts = new ArrayList<>();
        facts.add(time(incident, now));
        if (!incident.jobs().isEmpty()) {
            facts.add(new Fact("Jobs", jobNames(incident)));
        }
        facts.add(new Fact(incident.end().isPresent() ? "Failure was" : "Failure", incident.message()));
        facts.add(new Fact("Code", incident.code().name()));
        facts.add(new Fact("Next", next(incident)));
        return facts;
    }

    private static Fact time(Incident incident, Instant now) {
        String lasted = duration(incident.duration(now));
        return incident.end()
                .map(end -> new Fact(
                        "Lasted",
                        lasted + ", from " + TIME.format(incident.openedAt()) + " to " + TIME.format(end.at())))
                .orElseGet(() -> new Fact("Since", TIME.format(incident.openedAt()) + ", for " + lasted));
    }

    private static String duration(Duration duration) {
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return Math.max(0, duration.toSeconds()) + " s";
        } else if (duration.compareTo(Duration.ofDays(1)) < 0) {
            return (duration.toHours() == 0 ? "" : duration.toHours() + " h ") + duration.toMinutesPart() + " min";
        }
        return duration.toDays() + (duration.toDays() == 1 ? " day " : " days ") + duration.toHoursPart() + " h";
    }

    private static String jobNames(Incident incident) {
        List<String> jobs = incident.jobs();
        String named = String.join(", ", jobs.subList(0, Math.min(jobs.size(), NAMED_JOBS)));
        int others = jobs.size() - NAMED_JOBS;
        String count = incident.moreJobs() ? jobs.size() + " or more: " : jobs.size() + ": ";
        return others > 0 ? count + named + " and " + others + " others" : named;
    }

    private static String next(Incident incident) {
        if (incident.end().isPresent()) {
            return afterEnd(incident.end().get());
        } else if (incident.status() == Status.RECOVERING) {
            return "it works again; the jobs that have waited run now";
        }
        return incident.nextTryAt()
                .map(at -> "one job tries again at " + TIME.format(at) + " for all; nothing is lost meanwhile")
                .orElse("the failure says what to do; engine.incidents() has what is open");
    }

    private static String afterEnd(IncidentEnd end) {
        String waiting = end.waitingJobs() == 0
                ? "no job has an open run any more"
                : end.waitingJobs() + (end.waitingJobs() == 1 ? " job has" : " jobs have") + " an open run still";
        return switch (end.how()) {
            case RECOVERED -> waiting;
            case ACKNOWLEDGED -> "a person has ended it: " + end.reason() + "; " + waiting;
            case NO_LONGER_RELEVANT -> "no job uses it any more";
        };
    }
}
