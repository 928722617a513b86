package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.sftp.internal.login.LoginMethod;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SftpDeliveryTest {

    private static final String PIN = "SHA256:" + "A".repeat(43);

    private static SftpDelivery.Builder valid() {
        return valid("hunter2");
    }

    private static SftpDelivery.Builder valid(String password) {
        return builder("lakeside", "sftp.lakeside.example", password);
    }

    private static SftpDelivery.Builder builder(String id, String host, String password) {
        return SftpDelivery.builder(id, host)
                .user("outfeed")
                .password(password)
                .hostKey(PIN)
                .directory("/exports");
    }

    @Test
    void should_be_protected_for_sensitive_fields() {
        assertThat(valid().build().protection()).isEqualTo(Protection.PROTECTED);
    }

    @Test
    void should_link_to_a_file_where_an_address_can_say_it() {
        assertThat(valid().build().link("/exports/visits Zoë.csv"))
                .hasValueSatisfying(link -> assertThat(link.toASCIIString())
                        .isEqualTo("sftp://sftp.lakeside.example/exports/visits%20Zo%C3%AB.csv"));
        assertThat(valid().port(2222).build().link("/exports/visits.csv"))
                .contains(URI.create("sftp://sftp.lakeside.example:2222/exports/visits.csv"));
        assertThat(builder("lakeside", "::1", "hunter2").build().link("/exports/visits.csv"))
                .contains(URI.create("sftp://[::1]/exports/visits.csv"));
        assertThat(valid().build().link("exports/visits.csv"))
                .as("from the login's home")
                .isEmpty();
        assertThat(valid().publication(SftpPublication.TAKEN_AT_CLOSE).build().link("/exports/visits.csv"))
                .isEmpty();
    }

    @Test
    void should_report_all_that_is_missing_at_once() {
        assertThatThrownBy(SftpDelivery.builder("lakeside", "sftp.lakeside.example")::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "SFTP delivery 'lakeside' has 4 problems: user is missing; password or privateKey is missing; "
                                + "hostKey or knownHosts is missing: ask the server's operator for the fingerprint; "
                                + "directory is missing");
    }

    @Test
    void should_report_all_that_is_wrong_at_once() {
        SftpDelivery.Builder builder = SftpDelivery.builder("-lakeside", "sftp lakeside")
                .port(0)
                .user(" ")
                .password("hunter2")
                .privateKey(Path.of("id_ed25519"))
                .hostKey("MD5:00:11")
                .knownHosts(Path.of("known_hosts"))
                .directory("~/exports")
                .connectTimeout(Duration.ZERO)
                .operationTimeout(Duration.ofDays(2));

        assertThatThrownBy(builder::build)
                .hasMessage("SFTP delivery '-lakeside' has 10 problems: "
                        + "the id is no safe name: at most 120 letters A-Z and a-z, digits, '.', '_' and '-', not "
                        + "beginning with '.' or '-'; "
                        + "the host is no name or address of a server; "
                        + "port 0 is not between 1 and 65535; "
                        + "user is missing; "
                        + "the login is set 2 times: choose one password or privateKey; "
                        + "hostKey 'MD5:00:11' is no fingerprint: it must be SHA256: and 43 characters of Base64, as "
                        + "ssh-keygen -l shows it; "
                        + "hostKey and knownHosts are both set: choose one; "
                        + "directory '~/exports' is no path: a relative one, such as 'exports', begins at the login's "
                        + "home, which is '.'; "
                        + "connectTimeout PT0S is not between 1 millisecond and 1 day; "
                        + "operationTimeout PT48H is not between 1 millisecond and 1 day");
    }

    @Test
    void should_report_an_impossible_second_login() {
        SftpProxy nowhere = SftpProxy.http("no where", 0);
        assertThatThrownBy(valid().passwordAfterKey("a"::toCharArray).proxy(nowhere)::build)
                .hasMessage("SFTP delivery 'lakeside' has 3 problems: passwordAfterKey and "
                        + "keyboardInteractiveAfterKey come after a "
                        + "privateKey, and none is set; the proxy's host is no name or address; the "
                        + "proxy's port 0 is "
                        + "not between 1 and 65535");
        SftpDelivery.Builder twice = SftpDelivery.builder("lakeside", "sftp.lakeside.example")
                .user("outfeed")
                .privateKey(Path.of("id_rsa"))
                .passwordAfterKey("a"::toCharArray)
                .keyboardInteractiveAfterKey("a"::toCharArray)
                .hostKey(PIN)
                .directory("/exports");
        assertThatThrownBy(twice::build)
                .hasMessage("SFTP delivery 'lakeside' has 1 problem: the login after the private key is set 2 times: "
                        + "choose one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", "-x", "a b", "a/b", "a..b", "a."})
    void should_reject_an_id_that_is_no_safe_name(String id) {
        SftpDelivery.Builder builder = SftpDelivery.builder(id, "sftp.lakeside.example")
                .user("outfeed")
                .password("hunter2")
                .hostKey(PIN)
                .directory("/exports");

        assertThatThrownBy(builder::build)
                .hasMessage(
                        "SFTP delivery '" + id + "' has 1 problem: the id is no safe name: at most 120 letters A-Z and "
                                + "a-z, digits, '.', '_' and '-', not beginning with '.' or '-'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "~", "~/exports"})
    void should_reject_a_directory_that_is_no_path(String directory) {
        assertThatThrownBy(valid().directory(directory)::build)
                .hasMessage("SFTP delivery 'lakeside' has 1 problem: directory '" + directory
                        + "' is no path: a relative one, such as 'exports', begins at the login's home, which is '.'");
    }

    @ParameterizedTest
    @CsvSource({"/exports, /exports", "/exports/, /exports", "exports, /~/exports", "., /~/."})
    void should_name_the_directory(String directory, String shown) {
        assertThat(valid().directory(directory).build())
                .hasToString("SFTP delivery 'lakeside' to outfeed@sftp.lakeside.example:22" + shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//exports",
                "/exports/../etc",
                "/exports/./a",
                "/exports/a\nb",
                "/exports//",
                "../exports",
                "./exports",
                "exports//a"
            })
    void should_reject_a_directory_that_is_not_plain(String directory) {
        assertThatThrownBy(valid().directory(directory)::build)
                .hasMessage("SFTP delivery 'lakeside' has 1 problem: directory '" + directory.replace('\n', '?')
                        + "' is not plain: '//', '.', '..' and control characters are not allowed");
    }

    @ParameterizedTest
    @CsvSource({"/,/", "/exports,/exports", "/exports/,/exports"})
    void should_show_its_destination_without_the_password(String directory, String shown) {
        assertThat(valid().directory(directory).build())
                .hasToString("SFTP delivery 'lakeside' to outfeed@sftp.lakeside.example:22" + shown);
    }

    @Test
    void should_not_show_a_secret_in_its_settings() {
        assertThat(new LoginMethod.Password("hunter2"::toCharArray)).hasToString("password");
        assertThat(new LoginMethod.KeyboardInteractive("hunter2"::toCharArray)).hasToString("keyboard-interactive");
        assertThat(new LoginMethod.PrivateKey(Path.of("id_rsa"), "hunter2"::toCharArray))
                .hasToString("private key id_rsa");
    }

    @Test
    void should_not_change_a_built_delivery_when_the_builder_is_reused() {
        SftpDelivery.Builder builder = valid();
        SftpDelivery first = builder.build();
        builder.port(2222).directory("/other");

        assertThat(first).hasToString("SFTP delivery 'lakeside' to outfeed@sftp.lakeside.example:22/exports");
    }

    // ---- the fingerprint

    static Stream<Arguments> the_same_destination() {
        return Stream.of(
                arguments("the same options", valid()),
                arguments("another host key", valid().hostKey("SHA256:" + "B".repeat(43))),
                arguments("a slash behind the directory", valid().directory("/exports/")),
                arguments("another time limit", valid().operationTimeout(Duration.ofSeconds(5))),
                arguments("another password", valid("hunter3")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("the_same_destination")
    void should_have_the_same_fingerprint_for_the_same_destination(String what, SftpDelivery.Builder same) {
        assertThat(same.build().fingerprint())
                .as(what)
                .isEqualTo(valid().build().fingerprint());
    }

    static Stream<Arguments> another_destination() {
        return Stream.of(
                arguments("port", valid().port(2222)),
                arguments("user", valid().user("other")),
                arguments("directory", valid().directory("/other")),
                arguments("publication", valid().publication(SftpPublication.DIRECT)),
                arguments("host", builder("lakeside", "sftp.hillcrest.example", "hunter2")),
                arguments("id", builder("hillcrest", "sftp.lakeside.example", "hunter2")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("another_destination")
    void should_have_another_fingerprint_for_another_destination(String what, SftpDelivery.Builder other) {
        assertThat(other.build().fingerprint())
                .as(what)
                .isNotEqualTo(valid().build().fingerprint());
    }

    @Test
    void should_have_no_secret_in_its_fingerprint() {
        SftpDelivery withProxy = valid().proxy(
                        SftpProxy.http("proxy.example", 8080).credentials("outfeed", "hunter4"::toCharArray))
                .build();

        assertThat(withProxy.fingerprint()).doesNotContain("hunter");
    }
}
