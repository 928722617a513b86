package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.event.RunEvent;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.support.LoggedEvents;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Links to published files, as the deliveries of the job give them. */
class DeliveryLinksTest extends SandboxFixture {

    @RegisterExtension
    final LoggedEvents logged = LoggedEvents.from(Level.WARN);

    /** A destination whose files people can open. */
    private record Linking(InMemoryDelivery files, Function<String, URI> links) implements Delivery {

        @Override
        public String id() {
            return files.id();
        }

        @Override
        public Optional<URI> link(String location) {
            return Optional.of(links.apply(location));
        }

        @Override
        public DeliverySession open() {
            return files.open();
        }
    }

    private JobHandle add(Function<String, URI> links) {
        return sandbox.add(ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                .build())
                .deliverTo(new Linking(lakeside, links), riverside)
                .build());
    }

    private Optional<URI> link(ExportRun run, int delivery) {
        return sandbox.engine().run(run.number()).link(run.deliveries().get(delivery));
    }

    @Test
    void should_link_to_a_published_file_where_its_delivery_gives_links() {
        ExportRun run = add(location -> URI.create("https://lakeside.example/" + location))
                .runNow();

        assertThat(link(run, 0)).contains(URI.create("https://lakeside.example/visits-1.csv"));
        assertThat(link(run, 1)).as("a delivery without links").isEmpty();
    }

    @Test
    void should_give_listeners_the_links_to_the_files_of_a_run() {
        ExportRun run = add(location -> URI.create("https://lakeside.example/" + location))
                .runNow();

        assertThat(sandbox.events(RunEvent.class))
                .filteredOn(event -> event.kind() == RunEvent.Kind.SUCCEEDED)
                .singleElement()
                .satisfies(event -> assertThat(event.link(run.deliveries().get(0)))
                        .contains(URI.create("https://lakeside.example/visits-1.csv")));
        assertThat(sandbox.events(RunEvent.class))
                .filteredOn(event -> event.kind() == RunEvent.Kind.STAGED)
                .singleElement()
                .satisfies(
                        event -> assertThat(event.link(event.run().deliveries().get(0)))
                                .as("nothing is published yet")
                                .isEmpty());
    }

    @Test
    void should_not_link_to_a_file_that_is_not_published() {
        JobHandle job = add(location -> URI.create("https://lakeside.example/" + location));
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThat(link(runs().get(0), 0)).isEmpty();
    }

    @Test
    void should_not_link_to_a_file_that_only_counts_as_taken_or_was_deleted() {
        ExportRun run = add(location -> URI.create("https://lakeside.example/" + location))
                .runNow();
        FileDelivery published = run.deliveries().get(0);
        DeliveryReceipt assumed = new DeliveryReceipt("visits-1.csv", Publication.ASSUMED);

        assertThat(sandbox.engine().run(1).link(published.toPublished(assumed, START)))
                .isEmpty();
        assertThat(sandbox.engine()
                        .run(1)
                        .link(published.toRetired(new FileRemoval(FileRemoval.Outcome.DELETED, START))))
                .isEmpty();
    }

    @Test
    void should_not_link_to_a_file_of_a_job_that_the_engine_does_not_have() {
        ExportRun run = add(location -> URI.create("https://lakeside.example/" + location))
                .runNow();
        sandbox.engine().remove("visits", History.KEEP);

        assertThat(link(run, 0)).isEmpty();
    }

    @Test
    void should_go_on_without_a_link_that_could_not_be_had() {
        ExportRun run = add(location -> {
                    throw new IllegalStateException("the vault says: s3cret");
                })
                .runNow();

        assertThat(link(run, 0)).isEmpty();
        assertThat(logged.messages())
                .containsExactly("Delivery 'lakeside' has failed to give a link to visits-1.csv (job=visits, run=1)");
        assertThat(logged.list().get(0).getThrowableProxy().getMessage()).doesNotContain("s3cret");
    }
}
