package io.outfeed.support;

import static io.outfeed.support.SimulatedProcess.proxy;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.error.DeliveryException;
import io.outfeed.store.ExportStore;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.lang.reflect.Method;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Numbers the contacts with a destination that a lie is about, and lets the lie be told at one of them, or at all; the
 * process may crash after one of them. A connection on which an answer was withheld stays broken.
 */
public final class LiePlan {

    /** How often the lie is told. */
    public enum Telling {
        ONCE,
        ALWAYS
    }

    /** When the exporter crashes. */
    public enum Crash {
        NEVER,
        /** Right after the lie. */
        AT_ONCE,
        /** Some contacts later. */
        LATER
    }

    /** By what the destination lets a file be recognized that has another name than before. */
    public enum Recognition {
        KEY,
        /** Size and time of modification. */
        TIME,
        /** Its bytes, read back. */
        CONTENT,
        /** It says nothing of its files. */
        NOTHING
    }

    private final LyingDelivery liar;
    private final LieSetting setting;
    private final int at;
    private final int later;
    private final SimulatedProcess process = new SimulatedProcess();
    private int contacts;
    private int contactsUntilCrash = -1;
    private boolean happened;

    /**
     * @param at the number of the contact, from 0, at which a lie is told once, and after which the process crashes
     * @param later after how many contacts more it crashes
     */
    public LiePlan(LyingDelivery liar, LieSetting setting, int at, int later) {
        this.liar = liar;
        this.setting = setting;
        this.at = at;
        this.later = later;
    }

    /** Returns a plan without lies, for the same destination. */
    public LiePlan honest() {
        return new LiePlan(liar, setting, Integer.MAX_VALUE, 0);
    }

    /** Whether the contact was reached. */
    public boolean happened() {
        return happened;
    }

    public ExportStore wrap(ExportStore store) {
        return process.wrap(store);
    }

    /** Returns a destination as the process contacts it. */
    public Delivery wrap(Delivery delivery) {
        return proxy(Delivery.class, (proxy, method, arguments) -> {
            Object answer = process.alive(() -> method.invoke(delivery, arguments));
            if (!(answer instanceof DeliverySession session)) {
                return answer;
            }
            return delivery == liar ? new Session(session).wrapped() : honest(session);
        });
    }

    private DeliverySession honest(DeliverySession session) {
        return proxy(
                DeliverySession.class,
                (proxy, method, arguments) -> process.alive(() -> method.invoke(session, arguments)));
    }

    private static String operation(Lie lie) {
        return switch (lie) {
            case UPLOAD_TAKEN, UPLOAD_TAKEN_AND_NOTICED, UPLOAD_OVER_QUOTA, DOT_FILES_REFUSED -> "prepare";
            case NOTHING_SAID -> "inspect";
            default -> "publish";
        };
    }

    /** A connection to the destination that lies. */
    private final class Session {

        private final DeliverySession session;
        private boolean broken;

        private Session(DeliverySession session) {
            this.session = session;
        }

        private DeliverySession wrapped() {
            return proxy(DeliverySession.class, (proxy, method, arguments) -> {
                process.checkAlive();
                if (broken && !method.getName().equals("close")) {
                    throw DeliveryException.retryable(liar.id(), "the connection is broken", null);
                }
                return switch (method.getName()) {
                    case "inspect" -> recognized((Inspection) contact(method, arguments));
                    case "sha256" -> sha256((String) arguments[0]);
                    default -> contact(method, arguments);
                };
            });
        }

        private Object contact(Method method, Object... arguments) throws Throwable {
            Lie lie = setting.lie();
            boolean now = method.getName().equals(operation(lie)) && contacts++ == at;
            if (now && setting.telling() == Telling.ONCE) {
                liar.tell(lie);
            }
            int before = liar.told().size();
            try {
                return process.alive(() -> method.invoke(session, arguments));
            } finally {
                broken |= liar.told().size() > before && lie.name().contains("UNANSWERED_");
                if (now) {
                    happened = true;
                    contactsUntilCrash = setting.crashes() ? later : -1;
                    endOneLie();
                }
                if (contactsUntilCrash-- == 0) {
                    crash(method.getName());
                }
            }
        }

        /** It may not have come to it. */
        private void endOneLie() {
            if (setting.telling() == Telling.ONCE) {
                liar.beHonest();
            }
        }

        private void crash(String step) {
            throw process.crash(step);
        }

        private Inspection recognized(Inspection found) {
            boolean present = found.presence() == Inspection.Presence.PRESENT;
            return switch (setting.recognition()) {
                case KEY -> found;
                case NOTHING -> Inspection.notSaid();
                case TIME ->
                    present
                            ? Inspection.present(found.bytes(), found.fileKey().map(LiePlan::time), Optional.empty())
                            : found;
                case CONTENT -> present ? Inspection.present(found.bytes()) : found;
            };
        }

        private Optional<String> sha256(String location) throws NoSuchAlgorithmException {
            if (setting.recognition() != Recognition.CONTENT) {
                return Optional.empty();
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return liar.destination().files().stream()
                    .filter(file -> file.path().equals(location))
                    .map(DeliveredFile::bytes)
                    .map(bytes -> HexFormat.of().formatHex(digest.digest(bytes)))
                    .findFirst();
        }
    }

    /** A time that only the file with this key has. */
    private static Instant time(String key) {
        return Instant.ofEpochSecond(Long.parseLong(key.replaceAll("\\D", "")));
    }
}
