package io.outfeed.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.operation.JobHandle;
import io.outfeed.source.Parameters;
import io.outfeed.source.Position;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.contract.WatermarkContract;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A watermark of the host's: the revisions of a document store, such as 2.10, asked of the session that is read. */
class HostWatermarkTest extends WatermarkContract<HostWatermarkTest.Document> {

    record Document(String id, int major, int minor) {}

    /** Positions are texts that have an order of their own: 2.9 comes before 2.10. */
    private static final class RevisionWatermark implements Watermark<Document> {

        private static final String KIND = "revision";

        private static Position position(int major, int minor) {
            return new Position(KIND, major + "." + minor);
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public Position beginning() {
            return position(0, 0);
        }

        @Override
        public Position until(SourceSession<Document> session, Clock clock) {
            return ((Session) session).next();
        }

        @Override
        public Optional<Position> positionOf(Document record) {
            return Optional.of(position(record.major(), record.minor()));
        }

        @Override
        public int compare(Position left, Position right) {
            String[] l = left.text().split("\\.", -1);
            String[] r = right.text().split("\\.", -1);
            int major = Integer.compare(Integer.parseInt(l[0]), Integer.parseInt(r[0]));
            return major != 0 ? major : Integer.compare(Integer.parseInt(l[1]), Integer.parseInt(r[1]));
        }
    }

    /** What is written while the session is open is not in it: bound and data are one snapshot. */
    private record Session(List<Document> snapshot, Position next) implements SourceSession<Document> {

        @Override
        public Stream<Document> read(Window window) {
            Watermark<Document> order = new RevisionWatermark();
            return snapshot.stream().filter(document -> {
                Position at = RevisionWatermark.position(document.major(), document.minor());
                return order.compare(window.from(), at) <= 0 && order.compare(at, window.until()) < 0;
            });
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    private static final class Documents implements RecordSource<Document> {

        private final List<Document> log = new ArrayList<>();
        private int major = 2;
        private int minor = 8;

        void write(String id) {
            minor++;
            log.add(new Document(id, major, minor));
        }

        void release() {
            major++;
            minor = 0;
        }

        @Override
        public Session open(Parameters parameters) {
            return new Session(List.copyOf(log), RevisionWatermark.position(major, minor + 1));
        }
    }

    @Override
    protected Watermark<Document> watermark() {
        return new RevisionWatermark();
    }

    @Override
    protected List<Document> records() {
        return List.of(
                new Document("a", 1, 99), new Document("b", 2, 9), new Document("c", 2, 10), new Document("d", 10, 1));
    }

    @Override
    protected SourceSession<Document> session() {
        return new Session(List.of(), RevisionWatermark.position(2, 11));
    }

    @Test
    void should_export_what_is_new_by_the_hosts_own_order() {
        Documents documents = new Documents();
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"))) {
            JobHandle job = sandbox.add(ExportJob.builder(
                            "documents",
                            ExportDefinition.builder("documents", Document.class)
                                    .source(documents)
                                    .recordKey(Document::id)
                                    .watermark(new RevisionWatermark())
                                    .latestPerKey()
                                    .fields(f -> f.field("id", Document::id)
                                            .field("revision", document -> document.major() + "." + document.minor()))
                                    .file(f -> f.name("documents-{sequence}.csv"))
                                    .build())
                    .deliverTo(lakeside)
                    .build());
            documents.write("x"); // 2.9
            documents.write("y"); // 2.10
            documents.write("x"); // 2.11
            job.runNow();
            documents.write("y"); // 2.12
            documents.release();
            documents.write("z"); // 3.1
            sandbox.restart();
            sandbox.engine().job("documents").runNow();

            assertThat(lakeside.file("documents-1.csv").lines()).containsExactly("id,revision", "x,2.11", "y,2.10");
            assertThat(lakeside.file("documents-2.csv").lines()).containsExactly("id,revision", "y,2.12", "z,3.1");
            assertThat(job.position("documents")).contains(new Position("revision", "3.2"));
        }
    }
}
