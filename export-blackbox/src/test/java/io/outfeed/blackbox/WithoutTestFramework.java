package io.outfeed.blackbox;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;

/** The fakes at work in a JVM that has no test framework. */
final class WithoutTestFramework {

    private record Visit(int id, Instant updatedAt) {}

    private WithoutTestFramework() {}

    public static void main(String[] arguments) {
        Instant seven = Instant.parse("2026-03-01T07:00:00Z");
        ListSource<Visit> source = ListSource.create(Visit::id, Visit::updatedAt);
        source.put(new Visit(1, seven.minusSeconds(3600)));
        ExportDefinition<Visit> visits = ExportDefinition.builder("visits", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("visits-{sequence}.csv"))
                .build();
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportSandbox sandbox = ExportSandbox.startingAt(seven)) {
            sandbox.add(ExportJob.builder("visits-lakeside", visits)
                            .deliverTo(lakeside)
                            .build())
                    .runNow();
        }
        System.out.println(ModuleLayer.boot().modules().stream()
                .map(Module::getName)
                .filter(name -> name.startsWith("io.outfeed") || name.startsWith("org."))
                .sorted()
                .toList());
        System.out.println(lakeside.file("visits-1.csv").lines());
    }
}
