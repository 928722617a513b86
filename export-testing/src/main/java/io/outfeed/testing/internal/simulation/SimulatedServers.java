package io.outfeed.testing.internal.simulation;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.testing.InMemoryDelivery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Servers with destinations in memory, which a test lets fail. Used by one thread. */
public final class SimulatedServers {

    private final Map<String, FailureCode> servers = new HashMap<>();
    private final Map<String, FailureCode> destinations = new HashMap<>();
    private final Map<String, FailureCode> publications = new HashMap<>();
    private final Map<String, Integer> connects = new HashMap<>();
    private final Set<String> refusing = new HashSet<>();

    /** Lets each connection to a server fail. */
    public void failServer(String server, FailureCode code) {
        servers.put(server, code);
    }

    public void restoreServer(String server) {
        servers.remove(server);
    }

    /** Lets each upload to a destination fail. */
    public void failDestination(String id, FailureCode code) {
        destinations.put(id, code);
    }

    public void restoreDestination(String id) {
        destinations.remove(id);
    }

    /** Lets a destination refuse the second of its two recipients, where it has recipients. */
    public void refuseRecipient(String id) {
        refusing.add(id);
    }

    public void acceptRecipient(String id) {
        refusing.remove(id);
    }

    /** Lets each publication at a destination fail. */
    public void failPublication(String id, FailureCode code) {
        publications.put(id, code);
    }

    public void restorePublication(String id) {
        publications.remove(id);
    }

    /** Returns how often a connection to a server was tried. */
    public int connects(String server) {
        return connects.getOrDefault(server, 0);
    }

    public At at(String server, String id) {
        return new At(server, InMemoryDelivery.create(id), false);
    }

    /** Returns a destination with two recipients. */
    public At withRecipients(String server, String id) {
        return new At(server, InMemoryDelivery.create(id), true);
    }

    private static void failIf(@Nullable FailureCode code, String id) {
        if (code != null) {
            throw DeliveryException.of(code, id, "the simulated server fails", null);
        }
    }

    /** A destination at a server. */
    public final class At implements Delivery {

        private final String server;
        private final InMemoryDelivery delivery;
        private final boolean withRecipients;

        private At(String server, InMemoryDelivery delivery, boolean withRecipients) {
            this.server = server;
            this.delivery = delivery;
            this.withRecipients = withRecipients;
        }

        private RecipientDelivery accepted() {
            return RecipientDelivery.pending(1, "first").toSending().toAccepted();
        }

        private RecipientDelivery second() {
            RecipientDelivery sent = RecipientDelivery.pending(2, "second").toSending();
            return refusing.contains(id())
                    ? sent.toRefused(new RecipientDelivery.Refusal(FailureCode.DESTINATION_MISSING, "550 5.1.1"))
                    : sent.toAccepted();
        }

        public InMemoryDelivery files() {
            return delivery;
        }

        @Override
        public String id() {
            return delivery.id();
        }

        @Override
        public String server() {
            return server;
        }

        @Override
        public String login() {
            return "exports@" + server;
        }

        @Override
        public DeliverySession open() {
            connects.merge(server, 1, Integer::sum);
            failIf(servers.get(server), id());
            return new Session(delivery.open());
        }

        private final class Session implements DeliverySession {

            private final DeliverySession session;

            private Session(DeliverySession session) {
                this.session = session;
            }

            @Override
            public PreparedFile prepare(OutgoingFile file) throws Exception {
                failIf(destinations.get(id()), id());
                return session.prepare(file);
            }

            @Override
            public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
                failIf(publications.get(id()), id());
                Optional<DeliveryReceipt> receipt = session.publish(prepared, file);
                return withRecipients
                        ? receipt.map(given -> new DeliveryReceipt(
                                given.location(), given.publication(), List.of(accepted(), second())))
                        : receipt;
            }

            @Override
            public Inspection inspect(String location) throws Exception {
                return session.inspect(location);
            }

            @Override
            public Deletion delete(String location, long bytes) throws Exception {
                return session.delete(location, bytes);
            }

            @Override
            public void discard(OutgoingFile file) throws Exception {
                session.discard(file);
            }

            @Override
            public void close() {
                session.close();
            }
        }
    }
}
