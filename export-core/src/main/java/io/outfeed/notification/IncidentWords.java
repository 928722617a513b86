package io.outfeed.notification;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.internal.text.VisibleText;

/** The headline of a notice: what the incident is about, what is wrong with it, and how many jobs it touches. */
final class IncidentWords {

    /** Longer than any name but that of a deep directory. */
    private static final int LONGEST_HEADLINE = 300;

    /** What is left of a long name: both ends, which tell one server or job from another. */
    private static final int SHORTEST_NAME = 12;

    private static final int KEY_LENGTH = 8;

    private IncidentWords() {}

    static String headline(Notice notice) {
        return headline(notice, LONGEST_HEADLINE);
    }

    /** A headline that is not longer: without the number of jobs if need be, then with a shorter name. */
    static String headline(Notice notice, int most) {
        Incident incident = notice.incident();
        String name = VisibleText.of(incident.scope().name(), LONGEST_HEADLINE);
        String headline = headline(notice, name);
        String whole = headline + jobs(incident);
        if (length(whole) <= most) {
            return whole;
        }
        int excess = length(headline) - most;
        return excess <= 0
                ? headline
                : cut(headline(notice, shortened(name, Math.max(SHORTEST_NAME, length(name) - excess))), most);
    }

    private static String headline(Notice notice, String name) {
        Incident incident = notice.incident();
        Kind kind = incident.scope().kind();
        return notice.kind().prefix() + subject(kind, incident.code(), name) + " " + phrase(kind, incident.code());
    }

    private static String subject(Kind kind, FailureCode code, String name) {
        return switch (kind) {
            case SERVER -> name;
            case LOGIN -> code == FailureCode.LOGIN_REFUSED ? "login " + name : name;
            case DESTINATION -> "destination " + name;
            case RECIPIENT -> recipient(name);
            case SOURCE -> "source of " + name;
            case JOB -> "job " + name;
            case JOB_SOURCE -> "job source " + name;
            case NODE ->
                switch (code) {
                    case CLOCK_SKEW -> "clock of " + name;
                    case SPOOL_UNAVAILABLE -> "spool of " + name;
                    default -> "disk of " + name;
                };
            case STORE -> "the store";
            case NOTIFIER -> "notifier " + name;
        };
    }

    /** The delivery and the key of a recipient, which is a hash: its begin tells one recipient from another. */
    private static String recipient(String name) {
        int slash = name.lastIndexOf('/');
        String key = name.substring(slash + 1);
        return "recipient " + key.substring(0, Math.min(KEY_LENGTH, key.length()))
                + (slash < 0 ? "" : " of " + name.substring(0, slash));
    }

    /** Completes a sentence that begins with the subject. */
    private static String phrase(Kind kind, FailureCode code) {
        return switch (code) {
            case SOURCE_UNAVAILABLE -> kind == Kind.JOB ? "has a source that can't be reached" : "can't be reached";
            case DESTINATION_UNAVAILABLE, STORE_UNAVAILABLE, SPOOL_UNAVAILABLE ->
                kind == Kind.JOB ? "has a destination that can't be reached" : "can't be reached";
            case SOURCE_ACCESS_DENIED -> kind == Kind.JOB ? "has a source that denies access" : "denies access";
            case PERMISSION_DENIED ->
                kind == Kind.LOGIN || kind == Kind.NOTIFIER ? "lacks a permission" : "denies access";
            case SOURCE_REFUSED ->
                kind == Kind.JOB ? "has a source that does not fit it" : "does not fit its definition";
            case DEFINITION_INVALID -> "has an invalid definition";
            case MAPPING_FAILED -> "has a record that can't be mapped";
            case UNEXPECTED -> "failed unexpectedly";
            case SECRET_UNAVAILABLE -> "lacks its password or key";
            case LOGIN_REFUSED ->
                switch (kind) {
                    case LOGIN -> "is refused";
                    case JOB, NOTIFIER -> "can't log in";
                    default -> "refuses the login";
                };
            case IDENTITY_REFUSED -> "is not trusted";
            case DESTINATION_MISSING -> "does not exist";
            case DESTINATION_CHANGED -> "is another directory";
            case DESTINATION_FULL, DISK_FULL -> "is full";
            case DESTINATION_REFUSED ->
                switch (kind) {
                    case RECIPIENT -> "refuses mails";
                    case NOTIFIER -> "is refused";
                    case JOB -> "has a file that is refused";
                    default -> "refuses files";
                };
            case TEMPORARY_TAKEN -> "loses uploads";
            case NAME_OCCUPIED -> "finds another file of that name";
            case NAME_AWAITED -> "waits for its receiver";
            case PROTECTION_REQUIRED -> "needs a protected delivery";
            case STORE_DAMAGED -> kind == Kind.STORE ? "is damaged" : "is damaged in the store";
            case STORE_MISSING -> "is gone";
            case POSITION_AHEAD -> "is ahead of the clock";
            case CLOCK_SKEW -> "differs from that of the store";
            case POSITIONS_MOVED -> "has positions that moved";
            case BYTES_ELSEWHERE -> "has its files on another node";
            case KEY_UNUSABLE -> "has a key that can't be used";
            case KEY_EXPIRING -> "has a key that expires soon";
            case BYTES_CHANGED -> "has staged files that changed";
            case CRASHED -> "crashed";
            case TIME_LIMIT_EXCEEDED -> "exceeds its time limit";
            case RUN_HELD -> "has a held run";
            case RUN_UNCONFIRMED -> "has an unconfirmed file";
            case DELIVERY_OVERDUE -> "is overdue";
            case JOB_PAUSED -> "is paused";
            case FILE_MISSING -> "misses delivered files";
            case RECORDS_LATE -> "has late records";
            case FIRES_SKIPPED -> "skipped fire times";
            case JOBS_NOT_LOADED -> "can't be loaded";
            case JOBS_MISSING -> "has lost many jobs";
            case JOB_INVALID -> "has a row that is refused";
            case LOCK_LOST, STOPPED, ALREADY_RUNNING, NOT_FOUND, DELIVERY_WINDOW_CLOSED -> "failed";
        };
    }

    /** The end of a headline; empty if it names the job, or there is none. */
    private static String jobs(Incident incident) {
        boolean named = incident.scope().kind() == Kind.JOB;
        return named || incident.jobs().isEmpty() ? "" : ", " + count(incident);
    }

    /** Such as {@code 1 job} or {@code 1000 or more jobs}. */
    static String count(Incident incident) {
        int count = incident.jobs().size();
        return incident.moreJobs() ? count + " or more jobs" : count + (count == 1 ? " job" : " jobs");
    }

    /** Leaves the ends of a name; whole code points. */
    private static String shortened(String name, int most) {
        int length = length(name);
        if (length <= most) {
            return name;
        }
        int head = most / 2;
        int tail = most - head - 1;
        return name.substring(0, name.offsetByCodePoints(0, head))
                + "…"
                + name.substring(name.offsetByCodePoints(0, length - tail));
    }

    private static String cut(String text, int most) {
        return length(text) <= most ? text : VisibleText.of(text, most - 1);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
