package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.examples.Payroll.Pay;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class PayrollTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 30);

    @Test
    void should_write_the_bytes_of_the_golden_file() throws IOException {
        ListSource<Pay> source = ListSource.create(Pay::employee, pay -> Instant.EPOCH)
                .put(
                        new Pay(1, "Zoë Ångström", DAY, new BigDecimal("2150.5")),
                        new Pay(20, "Bartholomew Featherstonehaugh", DAY, new BigDecimal("1999.99")),
                        new Pay(300, "李 小龍", null, new BigDecimal("-12.05")));
        InMemoryDelivery office = InMemoryDelivery.create("office");
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-11-30T05:00:00Z"))) {
            sandbox.add(ExportJob.builder("payroll", Payroll.definition(source))
                            .deliverTo(office)
                            .build())
                    .runNow();
        }

        assertThat(office.file("payroll-0001.txt").bytes())
                .isEqualTo(Files.readAllBytes(Path.of("src/test/resources/payroll-0001.txt")));
        assertThat(Readme.code("docs/guide/formats.md", "## Fixed width"))
                .isEqualTo(Readme.region("Payroll.java", "format"));
    }
}
