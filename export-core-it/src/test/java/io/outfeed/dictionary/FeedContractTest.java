package io.outfeed.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.field.FieldMark;
import io.outfeed.field.MatchCodes;
import io.outfeed.file.transform.Gzip;
import io.outfeed.format.ColumnType;
import io.outfeed.format.CsvFormat;
import io.outfeed.layout.Layout;
import io.outfeed.layout.LayoutCodes;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.FeedContract;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.watermark.Watermark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver is told of the columns: in the dictionary, and in the data package of a run. */
class FeedContractTest {

    private record Pupil(String id, String name, LocalDate born, String status, String ssn) {}

    private static final Pupil ADA = new Pupil("007", "Ada", LocalDate.of(2015, 12, 10), "A", "123-45-6789");

    private static final ExportDefinition<Pupil> PUPILS = ExportDefinition.builder("pupils", Pupil.class)
            .source(RecordSource.of(window -> Stream.of(ADA)))
            .recordKey(Pupil::id)
            .watermark(Watermark.fullSnapshot())
            .fields(f -> f.field("id", Pupil::id, FieldMark.REQUIRED)
                    .type("id", ColumnType.text(10))
                    .description("id", "The number of the pupil | for life")
                    .field("born", Pupil::born)
                    .type("born", ColumnType.date())
                    .header("born", "Date of birth")
                    .matchCodes(
                            "status",
                            Pupil::status,
                            MatchCodes.<String>builder()
                                    .code("A", "1")
                                    .code("I", "2")
                                    .ifUnmatched("9")
                                    .build())
                    .skip("photo", "too large"))
            .file(f -> f.name("pupils-{sequence}.csv")
                    .format(CsvFormat.builder()
                            .delimiter(';')
                            .nullText("NULL")
                            .preamble("sep=;")
                            .build()))
            .choices(c -> c.fields(f -> f.field("name", Pupil::name).field("ssn", Pupil::ssn, FieldMark.SENSITIVE)))
            .build();

    @TempDir
    private Path directory;

    private static ExportJob.Builder job() {
        return ExportJob.builder("Lakeside", PUPILS)
                .description("For the registrar of Lakeside")
                .deliverTo(InMemoryDelivery.create("lakeside"));
    }

    @Test
    void should_tell_people_what_is_in_the_files() {
        assertThat(DataDictionary.of(job().controlFiles(c -> c.dataPackage("{job}-{sequence}.json"))
                                .build())
                        .toMarkdown())
                .isEqualTo("""
                # Lakeside

                For the registrar of Lakeside

                ## pupils

                - File: `pupils-{sequence}.csv`
                - Format: CSV with delimiter ;, DOUBLE quotes, CRLF, nulls as 'NULL', preamble \\[sep=;]
                - Without records: a file without records

                | | Column | Type | Required | Meaning |
                | --- | --- | --- | --- | --- |
                | 1 | `id` | text(10) | yes | The number of the pupil \\| for life; direct |
                | 2 | `Date of birth` | date |  | field `born`; direct |
                | 3 | `status` | any |  | match codes |

                Codes of `status`: `1`, `2`, `9`.

                Not in the file: `photo` (too large).

                ## Control files

                Each run has: data package '{job}-{sequence}.json'.
                """);
    }

    @Test
    void should_tell_what_a_layout_has_chosen() {
        String text = DataDictionary.of(job().layout(Layout.builder()
                                .column("name", c -> c.header("Name"))
                                .column("id")
                                .column("ssn")
                                .column("status", c -> c.codes(LayoutCodes.of(Map.of("A", "active"))))
                                .build())
                        .build())
                .toMarkdown();

        assertThat(text).contains("""
                | 1 | `Name` | any |  | field `name`; direct |
                | 2 | `id` | text(10) | yes | The number of the pupil \\| for life; direct |
                | 3 | `ssn` | any |  | sensitive; direct |
                | 4 | `status` | any |  | match codes |

                Codes of `status`: `active`.

                Not in the file: `born` (the layout has not chosen it), `photo` (too large).
                """);
    }

    @Test
    void should_fail_where_a_job_no_longer_delivers_what_was_agreed() throws Exception {
        FeedContract contract = FeedContract.in(directory.resolve("feeds/lakeside.md"));
        assertThatThrownBy(() -> contract.check(job().build()))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(directory.resolve("feeds/lakeside.md")
                        + " is missing, the contract of job 'Lakeside': read what has changed");
        Files.createDirectories(directory.resolve("feeds"));
        Files.writeString(
                directory.resolve("feeds/lakeside.md"),
                DataDictionary.of(job().build()).toMarkdown().replace("\n", "\r\n"));

        contract.check(job().build());

        assertThatThrownBy(() -> contract.check(job().layout(Layout.builder()
                                .column("id", c -> c.header("Pupil"))
                                .column("born")
                                .build())
                        .build()))
                .isInstanceOf(AssertionError.class)
                .hasMessage("job 'Lakeside' does not deliver what was agreed in "
                        + directory.resolve("feeds/lakeside.md")
                        + ": read what has changed, agree it with the receiver, and run the test with"
                        + " -Doutfeed.contract=write to write the file\n"
                        + "- | 1 | `id` | text(10) | yes | The number of the pupil \\| for life; direct |\n"
                        + "- | 3 | `status` | any |  | match codes |\n"
                        + "- Codes of `status`: `1`, `2`, `9`.\n"
                        + "- Not in the file: `photo` (too large).\n"
                        + "+ | 1 | `Pupil` | text(10) | yes | The number of the pupil \\| for life; field `id`;"
                        + " direct |\n"
                        + "+ Not in the file: `status` (the layout has not chosen it), `photo` (too large).");
    }

    private static String dataPackage(ExportJob.Builder job, InMemoryDelivery to, String name) {
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"))) {
            sandbox.add(job.deliverTo(to).build()).runNow();
            return to.file(name).text();
        }
    }

    @Test
    void should_tell_programs_how_to_read_the_files() {
        InMemoryDelivery out = InMemoryDelivery.create("out");
        String text = dataPackage(
                ExportJob.builder("Lakeside", PUPILS).controlFiles(c -> c.dataPackage("datapackage.json")),
                out,
                "datapackage.json");

        assertThat(text.replace(", \"", ",\n\"")).isEqualTo("""
                {
                  "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
                  "name": "lakeside",
                  "created": "2026-03-02T12:00:00Z",
                  "resources": [
                    {"name": "pupils-1.csv",
                "path": "pupils-1.csv",
                "bytes": 50,
                "hash": "sha256:5b38b62fda9f589a6596c0a631de2ad7939f68be01901acb505c8b31ea48f1b2",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ";",
                "headerRows": [2]},
                "schema": {"fields": [
                      {"name": "id",
                "type": "string",
                "description": "The number of the pupil | for life",
                "constraints": {"required": true,
                "maxLength": 10}},
                      {"name": "Date of birth",
                "type": "date"},
                      {"name": "status",
                "type": "any",
                "constraints": {"enum": ["1",
                "2",
                "9"]}}
                    ],
                "missingValues": ["NULL"]}}
                  ]
                }
                """);
        assertThat(out.files()).hasSize(2);
    }

    @Test
    void should_name_the_archive_and_the_compression() {
        InMemoryDelivery out = InMemoryDelivery.create("out");

        assertThat(dataPackage(
                        ExportJob.builder("Lakeside", PUPILS)
                                .archive("all-{sequence}.zip")
                                .controlFiles(c -> c.dataPackage("datapackage.json")),
                        out,
                        "datapackage.json"))
                .contains("\"path\": \"all-1.zip\", \"compression\": \"zip\", \"innerpath\": \"pupils-1.csv\"");
        InMemoryDelivery compressed = InMemoryDelivery.create("out");
        assertThat(dataPackage(
                        ExportJob.builder("Lakeside", PUPILS)
                                .transforms(Gzip.defaults())
                                .controlFiles(c -> c.dataPackage("datapackage.json")),
                        compressed,
                        "datapackage.json"))
                .contains("\"path\": \"pupils-1.csv.gz\", \"compression\": \"gz\", \"bytes\": "
                        + compressed.file("pupils-1.csv.gz").bytes().length);
        assertThat(List.of(out.files().size(), compressed.files().size())).containsExactly(2, 2);
    }
}
