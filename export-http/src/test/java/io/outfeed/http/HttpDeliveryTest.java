package io.outfeed.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** The options of a delivery, and what it says about itself. */
class HttpDeliveryTest {

    private static final String FOR_PUT = "conditionalWrites, webDav and withoutDelete are for PUT: an address that"
            + " takes posts has no names of files";
    private static final String FIELD =
            "' is no name of another field of the form than the file's: it has ASCII characters without '\"' and '\\'";

    /** What is wrong, the builder, and the problem. */
    static final List<Arguments> WRONG = List.of(
            wrong(
                    HttpDelivery.put("lake side", URI.create("https://files.example.org/")),
                    "the id is no safe name: at most 120 letters A-Z and a-z, digits, '.', '_' and '-', not beginning"
                            + " with '.' or '-'"),
            wrong(
                    put("files.example.org"),
                    "the address has no host: it is such as https://files.example.org/exports/"),
            wrong(
                    put("http://files.example.org/"),
                    "the address is not https: set withoutEncryption, which says what it costs, or another address"),
            wrong(
                    put("https://files.example.org/").withoutEncryption(),
                    "the address is not http: leave out withoutEncryption"),
            wrong(
                    put("https://user:secret@files.example.org/"),
                    "the address has a user: set basicLogin, bearer or secretHeader instead"),
            wrong(put("https://files.example.org/#top"), "the address has a fragment, which is not sent"),
            wrong(
                    put("https://files.example.org/?folder=1"),
                    "the address has a query: files are put into a folder, whose address has none"),
            wrong(put().header("X Source", "a"), "'X Source' is no name of a header"),
            wrong(put().header("content-LENGTH", "7"), "header content-LENGTH can't be set: the delivery sets it"),
            wrong(
                    put().header("X-Source", "a\r\nb"),
                    "the value of header X-Source has characters that are not ASCII, or control characters"),
            wrong(
                    put().header("authorization", "Bearer s3cret"),
                    "Authorization is no header for header(): set bearer, basicLogin or secretHeader, which keep the"
                            + " secret out of messages"),
            wrong(
                    put().bearer("a"::toCharArray).basicLogin("u", "b"::toCharArray),
                    "header Authorization is set twice: choose one"),
            wrong(
                    put().header("X-Key", "a").secretHeader("x-key", "b"::toCharArray),
                    "header x-key is set twice: choose one"),
            wrong(
                    put().header("Idempotency-Key", "1"),
                    "header Idempotency-Key can't be set: it has the key of the request"),
            wrong(
                    put().basicLogin("a:b", "c"::toCharArray),
                    "the user of basicLogin has a ':', which the server would take for the end of it"),
            wrong(put().contentType("csv"), "contentType 'csv' is not like text/csv"),
            wrong(form("a\"b"), "'a\"b' is no name of a form's field: it has ASCII characters without '\"' and '\\'"),
            wrong(form("file").formField("file", "x"), "'file" + FIELD),
            wrong(form("file").formField("a\nb", "x"), "'a\nb" + FIELD),
            wrong(post().formField("kind", "x"), "formField is for forms: use HttpDelivery.postForm"),
            wrong(put().idempotent(), "idempotent is for POST: what became of a PUT is read back"),
            wrong(post().conditionalWrites(), FOR_PUT),
            wrong(post().webDav(), FOR_PUT),
            wrong(post().withoutDelete(), FOR_PUT),
            wrong(post().answer(199, HttpAnswer.TAKEN), "answer 199 is no status from 200 to 599"),
            wrong(put().connectTimeout(Duration.ZERO), "connectTimeout PT0S is not between 1 millisecond and 1 day"),
            wrong(
                    put().answerTimeout(Duration.ofDays(2)),
                    "answerTimeout PT48H is not between 1 millisecond and 1 day"),
            wrong(put().requestTimeout(Duration.ZERO), "requestTimeout PT0S is not between 1 millisecond and 1 day"));

    private static Arguments wrong(HttpDelivery.Builder builder, String problem) {
        return Arguments.of(builder, problem);
    }

    private static HttpDelivery.Builder put(String address) {
        return HttpDelivery.put("lakeside", URI.create(address));
    }

    private static HttpDelivery.Builder put() {
        return put("https://files.example.org/exports");
    }

    private static HttpDelivery.Builder post() {
        return HttpDelivery.post("lakeside", URI.create("https://files.example.org/imports?key=s3cret"));
    }

    private static HttpDelivery.Builder form(String field) {
        return HttpDelivery.postForm("lakeside", URI.create("https://files.example.org/imports"), field);
    }

    @ParameterizedTest
    @FieldSource("WRONG")
    void should_refuse_what_can_not_work(HttpDelivery.Builder builder, String problem) {
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        refused -> assertThat(refused.problems()).containsExactly(problem));
    }

    @Test
    void should_list_all_problems_without_a_secret() {
        assertThatThrownBy(() -> put("http://me:s3cret@files.example.org/?token=s3cret")
                        .header("X-Key", "s3cret\n")
                        .build())
                .isInstanceOfSatisfying(InvalidDefinitionException.class, refused -> {
                    assertThat(refused.problems()).hasSize(4);
                    assertThat(refused.getMessage()).doesNotContain("s3cret");
                });
    }

    @Test
    void should_protect_files_by_encryption_only() {
        assertThat(put().build().protection()).isEqualTo(Protection.PROTECTED);
        assertThat(put("http://127.0.0.1/").withoutEncryption().build().protection())
                .isEqualTo(Protection.PLAIN);
    }

    @Test
    void should_say_where_it_delivers_to() {
        HttpDelivery delivery = put("https://files.example.org:8443/exports")
                .basicLogin("outfeed", "p"::toCharArray)
                .build();

        assertThat(delivery).hasToString("HTTP delivery 'lakeside' to https://files.example.org:8443/exports");
        assertThat(delivery.id()).isEqualTo("lakeside");
        assertThat(delivery.server()).isEqualTo("files.example.org:8443");
        assertThat(delivery.login()).isEqualTo("outfeed@files.example.org:8443");
        assertThat(put().build().login()).as("logins without a user").isEqualTo("lakeside@files.example.org");
        assertThat(delivery.recipients()).isEmpty();
        assertThat(post().build().recipients()).containsExactly("receiver");
    }

    @Test
    void should_link_to_a_file_of_its_folder() {
        assertThat(put().build().link("https://files.example.org/exports/visits.csv"))
                .contains(URI.create("https://files.example.org/exports/visits.csv"));
        assertThat(put().build().link("https://elsewhere.example.org/exports/visits.csv"))
                .as("of an earlier address")
                .isEmpty();
        assertThat(post().build().link("https://files.example.org/imports")).isEmpty();
        assertThat(put("http://127.0.0.1/").withoutEncryption().build().link("http://127.0.0.1/visits.csv"))
                .isEmpty();
    }

    @Test
    void should_tell_destinations_apart_without_their_secrets() {
        List<String> fingerprints = List.of(
                put().build().fingerprint(),
                put("https://files.example.org/other").build().fingerprint(),
                post().build().fingerprint(),
                form("file").build().fingerprint(),
                HttpDelivery.post("lakeside", URI.create("https://files.example.org/imports?key=other"))
                        .build()
                        .fingerprint(),
                HttpDelivery.post("lakeside", URI.create("https://files.example.org/imports"))
                        .build()
                        .fingerprint());

        assertThat(fingerprints)
                .doesNotHaveDuplicates()
                .noneSatisfy(fingerprint -> assertThat(fingerprint).contains("s3cret"));
        assertThat(post().bearer("t"::toCharArray).build().fingerprint())
                .isEqualTo(post().build().fingerprint());
    }
}
