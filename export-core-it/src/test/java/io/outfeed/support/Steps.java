package io.outfeed.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.testing.InMemoryDelivery;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;

/**
 * Steps a run through its work: its thread stops in a source or a delivery until the test lets it continue.
 */
public final class Steps {

    private final SynchronousQueue<String> reached = new SynchronousQueue<>();
    private final SynchronousQueue<Object> next = new SynchronousQueue<>();

    // ---- for the test

    /** Waits until the run has stopped there. */
    public void await(String place) throws InterruptedException {
        assertThat(reached.take()).isEqualTo(place);
    }

    /** The source gives a record. */
    public void give(Visit visit) throws InterruptedException {
        next.put(Optional.of(visit));
    }

    /** The source has no more. */
    public void end() throws InterruptedException {
        next.put(Optional.empty());
    }

    /** The delivery reports that so many bytes of the file were sent, and stops again. */
    public void sent(long bytes) throws InterruptedException {
        next.put(bytes);
    }

    /** What the run stands in fails. */
    public void fail(Exception failure) throws InterruptedException {
        next.put(failure);
    }

    /** Lets the run continue. */
    public void resume() throws InterruptedException {
        next.put(true);
    }

    /** The delivery answers that the temporary file is gone. */
    public void gone() throws InterruptedException {
        next.put(false);
    }

    // ---- for the run

    private Object at(String place) throws Exception {
        reached.put(place);
        Object said = next.take();
        if (said instanceof Exception failure) {
            throw failure;
        }
        return said;
    }

    /** Stops at a place until the test lets the run continue. */
    public void stop(String place) {
        try {
            at(place);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A source that stops before each record, and at its end. */
    public RecordSource<Visit> source(String name, Callable<OptionalLong> expected) {
        return parameters -> new SourceSession<>() {
            @Override
            public OptionalLong expectedRecords(Window window) throws Exception {
                return expected.call();
            }

            @Override
            public Stream<Visit> read(Window window) {
                return Stream.generate(() -> record(name))
                        .takeWhile(Optional::isPresent)
                        .map(Optional::get);
            }

            @Override
            public void close() {
                // holds nothing
            }
        };
    }

    private Optional<Visit> record(String place) {
        try {
            return ((Optional<?>) at(place)).map(Visit.class::cast);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A delivery that stops before it uploads and before it publishes, and reports no byte by itself. It says nothing
     * of its files.
     */
    public Delivery delivery(InMemoryDelivery delivery) {
        return new Delivery() {
            @Override
            public String id() {
                return delivery.id();
            }

            @Override
            public DeliverySession open() {
                return new Session(delivery.id(), delivery.open());
            }
        };
    }

    @SuppressWarnings("try") // close may be interrupted
    private final class Session implements DeliverySession {

        private final String id;
        private final DeliverySession session;

        private Session(String id, DeliverySession session) {
            this.id = id;
            this.session = session;
        }

        @Override
        public PreparedFile prepare(OutgoingFile file) throws Exception {
            boolean goesOn = stop("upload", file);
            assertThat(goesOn).isTrue();
            return session.prepare(silent(file));
        }

        @Override
        public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
            return stop("publish", file) ? session.publish(prepared, silent(file)) : Optional.empty();
        }

        private boolean stop(String what, OutgoingFile file) throws Exception {
            Object said = at(what + " " + file.file().path() + " to " + id);
            while (said instanceof Long bytes) {
                file.sent(bytes);
                said = at("sent");
            }
            return said.equals(true);
        }

        private static OutgoingFile silent(OutgoingFile file) {
            return new OutgoingFile(file.job(), file.run(), file.token(), file.file(), file.content(), file.ifExists());
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
