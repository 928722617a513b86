package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.operation.JobQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatingTest {

    @TempDir
    Path directory;

    @Test
    void should_show_what_is_wrong() {
        List<String> page = new CopyOnWriteArrayList<>();
        List<String> pager = new CopyOnWriteArrayList<>();
        Path missing = directory.resolve("missing");

        try (ExportEngine engine = Operating.listening(directory.resolve("outfeed"), pager::add)) {
            engine.add(job(missing));
            assertThatThrownBy(engine.job("interactions-lakeside")::runNow).isInstanceOf(DeliveryException.class);
            Operating.operate(engine, page::add);
            assertThat(engine.jobs(JobQuery.all())).isEmpty();
        }

        assertThat(page).anySatisfy(line -> assertThat(line).startsWith("job 'interactions-lakeside': delayed"));
        assertThat(page).anySatisfy(line -> assertThat(line).startsWith("DESTINATION lakeside: "));
        assertThat(page).anySatisfy(line -> assertThat(line).contains(" STAGED, 0 rows, "));
        assertThat(pager)
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("run 1 of job 'interactions-lakeside' is delayed: "));
    }

    private ExportJob job(Path outbox) {
        try (ExportEngine other = QuickStart.start((from, until) -> Stream.of(), directory.resolve("other"), outbox)) {
            return other.job("interactions-lakeside").job();
        }
    }

    @Test
    void should_be_what_the_readme_shows() throws IOException {
        assertThat(Readme.code("docs/guide/operating.md", "## By the API"))
                .isEqualTo(Readme.region("Operating.java", "operating"));
    }
}
