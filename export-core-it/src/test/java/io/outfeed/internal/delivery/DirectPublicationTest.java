package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.RunStatus;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A destination without rename is told whether what has the name may be the run's own half. */
class DirectPublicationTest extends SandboxFixture {

    private final InMemoryDelivery direct = InMemoryDelivery.withoutRename("direct");
    private final List<Boolean> touched = new ArrayList<>();

    private final class Observed implements Delivery {

        @Override
        public String id() {
            return direct.id();
        }

        @Override
        public DeliverySession open() {
            DeliverySession session = direct.open();
            return new DeliverySession() {
                @Override
                public PreparedFile prepare(OutgoingFile file) throws Exception {
                    return session.prepare(file);
                }

                @Override
                public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
                    touched.add(prepared.touched());
                    return session.publish(prepared, file);
                }

                @Override
                public void discard(OutgoingFile file) throws Exception {
                    session.discard(file);
                }

                @Override
                public void close() {
                    session.close();
                }
            };
        }
    }

    private JobHandle add(Delivery... deliveries) {
        return sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(deliveries)
                .build());
    }

    @Test
    void should_not_touch_at_the_first_request() {
        add(new Observed()).runNow();

        assertThat(touched).containsExactly(false);
    }

    @Test
    void should_be_touched_once_a_request_was_sent_also_after_a_restart() {
        JobHandle job = add(new Observed());
        direct.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        sandbox.restart();

        sandbox.engine().job("visits").runNow(); // finishes the run, and another one follows

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(touched).containsExactly(false, true, false);
    }

    @Test
    void should_not_be_touched_if_the_request_was_certainly_not_sent() {
        JobHandle job = add(new Observed());
        direct.failNext(Operation.OPEN, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        job.runNow();

        assertThat(touched).containsExactly(false);
    }
}
