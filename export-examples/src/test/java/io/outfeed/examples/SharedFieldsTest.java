package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.examples.SharedFields.Address;
import io.outfeed.examples.SharedFields.Alumnus;
import io.outfeed.examples.SharedFields.Degree;
import io.outfeed.examples.SharedFields.Donor;
import io.outfeed.examples.SharedFields.Person;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedFieldsTest {

    private static final Person ANN = new Person(
            "P-1",
            "Ann",
            null,
            " Ann@Lakeside.example",
            LocalDate.of(2004, 2, 29),
            new Address("Elm St 1", "Lakeside"));

    private static final Person BOB =
            new Person("P-2", "Bob", "Roe", null, LocalDate.of(1999, 12, 31), new Address("Oak St 2", "Lakeside"));

    @Test
    void should_export_the_same_fields_twice() {
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"))) {
            sandbox.add(ExportJob.builder(
                                    "people",
                                    SharedFields.donors(RecordSource.ofCollection(
                                            window -> List.of(new Donor(ANN, new BigDecimal("12.345"))))))
                            .definition(SharedFields.alumni(RecordSource.ofCollection(window ->
                                    List.of(new Alumnus(ANN, Degree.BACHELOR, null), new Alumnus(BOB, null, null)))))
                            .deliverTo(lakeside)
                            .build())
                    .runNow();
        }

        assertThat(lakeside.file("donors-1.csv").lines())
                .containsExactly(
                        "person_id,name,email,born,home_street,home_city,total",
                        "P-1,Ann,ann@lakeside.example,02/29/2004,Elm St 1,Lakeside,12.35");
        assertThat(lakeside.file("alumni-1.csv").lines())
                .containsExactly(
                        "person_id,name,email,born,home_street,home_city,office_street,office_city,degree,origin,"
                                + "class_year",
                        "P-1,Ann,ann@lakeside.example,02/29/2004,Elm St 1,Lakeside,,,O,crm,",
                        "P-2,Bob Roe,,12/31/1999,Oak St 2,Lakeside,,,U,crm,");
    }

    @Test
    void should_not_send_a_sensitive_field_by_a_plain_delivery() {
        assertThatThrownBy(() -> ExportJob.builder(
                                "people", SharedFields.donors(RecordSource.ofCollection(window -> List.of())))
                        .deliverTo(DirectoryDelivery.to("share", Path.of("/srv/share")))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageStartingWith(
                        "job 'people' has 1 problem: field 'born' of definition 'donors' may leave only encrypted"
                                + " or by a protected delivery, and delivery 'share' is plain");
    }

    @Test
    void should_be_what_the_readme_shows() throws IOException {
        assertThat(Readme.code("docs/guide/columns.md", "## The same fields in several exports"))
                .isEqualTo(Readme.region("SharedFields.java", "shared-fields"));
    }
}
