package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.mail.internal.message.MailAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailDeliveryTest {

    private static final MailServer SERVER = MailServer.builder("mail.vendor.example")
            .user("outfeed")
            .password("s3cret")
            .build();

    @Test
    void should_hold_no_address_and_no_secret_in_its_text() {
        MailDelivery delivery = valid().to("a@x.example, b@y.example").build();

        assertThat(delivery)
                .hasToString("mail delivery 'office' to 2 recipients by mail.vendor.example:587 (STARTTLS)");
    }

    @Test
    void should_not_protect_sensitive_fields() {
        assertThat(valid().to("a@x.example").build().protection()).isEqualTo(Protection.PLAIN);
    }

    @Test
    void should_have_a_fingerprint_of_its_server_sender_and_recipients() {
        String fingerprint = valid().to("a@x.example, b@y.example").build().fingerprint();

        assertThat(valid().to("b@y.example, a@x.example")
                        .subject("other")
                        .text("other")
                        .build()
                        .fingerprint())
                .isEqualTo(fingerprint);
        assertThat(valid().to("a@x.example").build().fingerprint()).isNotEqualTo(fingerprint);
        assertThat(valid().from("other@vendor.example")
                        .to("a@x.example, b@y.example")
                        .build()
                        .fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(MailDelivery.builder(
                                "office",
                                MailServer.builder("other.vendor.example").build())
                        .from("exports@vendor.example")
                        .to("a@x.example, b@y.example")
                        .build()
                        .fingerprint())
                .isNotEqualTo(fingerprint);
        assertThat(fingerprint).doesNotContain("s3cret");
    }

    @Test
    void should_split_a_text_at_its_commas() {
        MailDelivery delivery = valid().to(" a@x.example,The B <b@y.example> ").build();

        assertThat(delivery.envelope().recipients())
                .extracting(MailAddress::toString)
                .containsExactly("a@x.example", "The B <b@y.example>");
    }

    @Test
    void should_parse_an_element_of_a_list_as_one_address() {
        MailDelivery delivery = valid().to(List.of("Doe, John <j@x.example>", "\"Roe, J.\" <r@x.example>"))
                .build();

        assertThat(delivery.envelope().recipients())
                .extracting(MailAddress::toString)
                .containsExactly("\"Doe, John\" <j@x.example>", "\"Roe, J.\" <r@x.example>");
    }

    @Test
    void should_refuse_a_name_with_a_comma_in_a_text() {
        assertThatThrownBy(() -> valid().to("Doe, John <j@x.example>").build())
                .hasMessage("mail delivery 'office' has 1 problem: recipient 1 is a part of a name that has a comma:"
                        + " put the name in quotes");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> MailDelivery.builder("office", SERVER)
                        .to("a@x.example, broken, A@X.example")
                        .cc("c@x.example; d@@x.example")
                        .bcc(List.of("e@x.example", "<>"))
                        .replyTo("office at x.example")
                        .subject("{rows} of\r\nBcc: evil@x.example {tenant}")
                        .text("bell \u0007")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("mail delivery 'office' has 8 problems: from is missing; "
                        + "recipient 2 has no domain: write it as name@domain; "
                        + "cc 2 has before the '@' what is no plain mailbox name; "
                        + "bcc 2 is empty; "
                        + "replyTo 1 has no domain: write it as name@domain; "
                        + "subject contains a control character, such as a line break; "
                        + "subject has the unknown variable {tenant}: there are [definition, file, job, rows, run]; "
                        + "text contains a control character that is no line break or tab");
    }

    @Test
    void should_need_a_recipient() {
        assertThatThrownBy(() -> valid().build())
                .hasMessage("mail delivery 'office' has 1 problem: to is missing: there is no recipient");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".office", "-office", "of fice", "büro", "office\r\nBcc: x"})
    void should_refuse_an_id_that_is_no_safe_name(String id) {
        assertThatThrownBy(() -> MailDelivery.builder(id, SERVER)
                        .from("exports@vendor.example")
                        .to("a@x.example")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageStartingWith("mail delivery has 1 problem: the id ");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "addresses.csv", numLinesToSkip = 1, quoteCharacter = '|')
    void should_read_addresses_strictly(String address, String problem) {
        String raw = address.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .replace("\\t", "\t");
        MailDelivery.Builder builder = valid().to(List.of(raw));

        if (problem.equals("ok")) {
            assertThat(builder.build().envelope().recipients()).hasSize(1);
        } else {
            assertThatThrownBy(builder::build)
                    .hasMessage("mail delivery 'office' has 1 problem: recipient 1 " + problem);
        }
    }

    @Test
    void should_not_change_a_delivery_when_its_builder_is_used_again() {
        MailDelivery.Builder builder = valid().to("a@x.example");
        MailDelivery first = builder.build();

        builder.to("b@x.example").build();

        assertThat(first.envelope().recipients()).hasSize(1);
    }

    private static MailDelivery.Builder valid() {
        return MailDelivery.builder("office", SERVER).from("exports@vendor.example");
    }
}
