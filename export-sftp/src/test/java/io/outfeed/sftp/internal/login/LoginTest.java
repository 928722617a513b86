package io.outfeed.sftp.internal.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.password.PasswordChangeRequiredException;
import org.apache.sshd.server.session.ServerSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which methods are attempted, and how often. */
class LoginTest {

    @TempDir
    private Path root;

    private Path key = Path.of("");

    @BeforeEach
    void makeKey() throws Exception {
        key = root.resolve("login");
        OpenSshServer.run(List.of("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", key.toString()));
    }

    /** Asks one prompt after the other, and takes {@code secret} as each answer. */
    private static final class Prompts implements KeyboardInteractiveAuthenticator {

        private final List<String> prompts;
        private final List<List<String>> answers = new CopyOnWriteArrayList<>();

        Prompts(String... prompts) {
            this.prompts = List.of(prompts);
        }

        @Override
        public InteractiveChallenge generateChallenge(
                ServerSession session, String username, String lang, String subMethods) {
            InteractiveChallenge challenge = new InteractiveChallenge();
            challenge.setInteractionName("login");
            challenge.setInteractionInstruction("");
            challenge.setLanguageTag("");
            prompts.forEach(prompt -> challenge.addPrompt(prompt, false));
            return challenge;
        }

        @Override
        public boolean authenticate(ServerSession session, String username, List<String> responses) {
            answers.add(List.copyOf(responses));
            return responses.stream().allMatch("secret"::equals);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Password: ", "outfeed@host's password:", "Password for outfeed@host:", "PASSCODE"})
    void should_answer_a_prompt_for_the_password(String prompt) throws Exception {
        Prompts prompts = new Prompts(prompt);
        try (MinaServer server = serve(interactive(prompts))) {
            server.withoutLogin()
                    .keyboardInteractive("secret"::toCharArray)
                    .build()
                    .open()
                    .close();

            assertThat(prompts.answers).containsExactly(List.of("secret"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Verification code: ",
                "New password: ",
                "Retype password: ",
                "Your mother's name?",
                "(current) UNIX password"
            })
    void should_not_answer_another_prompt(String prompt) throws Exception {
        Prompts prompts = new Prompts(prompt);
        try (MinaServer server = serve(interactive(prompts))) {
            assertPermanent(
                    server,
                    builder -> builder.keyboardInteractive("secret"::toCharArray),
                    "127.0.0.1:" + server.port()
                            + " asks user 'outfeed' with keyboard-interactive something else than a "
                            + "password, once: only a person could answer (delivery=lakeside)");

            assertThat(prompts.answers).isEmpty();
        }
    }

    @Test
    void should_answer_only_one_prompt() throws Exception {
        Prompts prompts = new Prompts("Password: ", "Password: ");
        try (MinaServer server = serve(interactive(prompts))) {
            assertPermanent(
                    server,
                    builder -> builder.keyboardInteractive("secret"::toCharArray),
                    "127.0.0.1:" + server.port()
                            + " asks user 'outfeed' with keyboard-interactive something else than a "
                            + "password, once: only a person could answer (delivery=lakeside)");

            assertThat(prompts.answers).isEmpty();
        }
    }

    @Test
    void should_try_a_rejected_answer_once() throws Exception {
        Prompts prompts = new Prompts("Password: ");
        try (MinaServer server = serve(interactive(prompts))) {
            assertPermanent(
                    server,
                    builder -> builder.keyboardInteractive("wrong"::toCharArray),
                    "127.0.0.1:" + server.port() + " refused the login of user 'outfeed' with keyboard-interactive (it "
                            + "allows keyboard-interactive, publickey): check the user and what it logs in "
                            + "with (delivery=lakeside)");

            assertThat(prompts.answers).containsExactly(List.of("wrong"));
        }
    }

    @Test
    void should_try_a_rejected_password_once_and_no_other_method() throws Exception {
        Prompts prompts = new Prompts("Password: ");
        try (MinaServer server = serve(mina -> mina.setKeyboardInteractiveAuthenticator(prompts))) {
            assertPermanent(
                    server,
                    builder -> builder.password("wrong"),
                    "127.0.0.1:" + server.port() + " refused the login of user 'outfeed' with password (it allows "
                            + "password, keyboard-interactive, publickey): check the user and what it logs in "
                            + "with (delivery=lakeside)");

            assertThat(server.logins()).isEqualTo(1);
            assertThat(prompts.answers).isEmpty();
        }
    }

    @Test
    void should_log_in_with_a_key_and_then_a_password() throws Exception {
        try (MinaServer server = serve(both("publickey,password"))) {
            server.withoutLogin()
                    .privateKey(key)
                    .passwordAfterKey("secret"::toCharArray)
                    .build()
                    .open()
                    .close();

            assertThat(server.logins()).isEqualTo(1);
        }
    }

    @Test
    void should_log_in_with_a_key_and_then_a_prompt() throws Exception {
        Prompts prompts = new Prompts("Password: ");
        Consumer<SshServer> both = both("publickey,keyboard-interactive");
        try (MinaServer server = serve(both.andThen(mina -> mina.setKeyboardInteractiveAuthenticator(prompts)))) {
            server.withoutLogin()
                    .privateKey(key)
                    .keyboardInteractiveAfterKey("secret"::toCharArray)
                    .build()
                    .open()
                    .close();

            assertThat(prompts.answers).hasSize(1);
        }
    }

    @Test
    void should_not_call_the_password_supplier_where_the_key_is_enough() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (MinaServer server = serve(both("publickey"))) {
            server.withoutLogin()
                    .privateKey(key)
                    .passwordAfterKey(() -> {
                        calls.incrementAndGet();
                        return new char[0];
                    })
                    .build()
                    .open()
                    .close();

            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void should_report_that_the_server_requires_a_second_login() throws Exception {
        try (MinaServer server = serve(both("publickey,password"))) {
            assertPermanent(
                    server,
                    builder -> builder.privateKey(key),
                    "127.0.0.1:" + server.port() + " took the login of user 'outfeed' with private key, and wants "
                            + "another one after it (it allows password): ask its operator, and set "
                            + "passwordAfterKey or "
                            + "keyboardInteractiveAfterKey (delivery=lakeside)");
        }
    }

    @Test
    void should_not_send_the_password_after_a_rejected_key() throws Exception {
        try (MinaServer server = serve(mina -> mina.setPublickeyAuthenticator((user, publicKey, session) -> false))) {
            assertPermanent(
                    server,
                    builder -> builder.privateKey(key).passwordAfterKey("secret"::toCharArray),
                    "127.0.0.1:" + server.port() + " refused the login of user 'outfeed' with private key (it allows "
                            + "password, keyboard-interactive, publickey): check the user and what it logs in "
                            + "with (delivery=lakeside)");

            assertThat(server.logins()).isZero();
        }
    }

    @Test
    void should_log_in_with_the_rsa_hash_that_the_server_supports() throws Exception {
        Path rsa = root.resolve("rsa");
        OpenSshServer.run(List.of("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa.toString()));
        try (MinaServer server = MinaServer.start(root, List.of("ssh-ed25519"), mina -> {
            mina.setSignatureFactories(List.of(BuiltinSignatures.ed25519, BuiltinSignatures.rsaSHA256));
            mina.setPublickeyAuthenticator((user, publicKey, session) -> true);
        })) {
            server.withoutLogin().privateKey(rsa).build().open().close();
        }
    }

    @Test
    void should_call_the_password_supplier_at_each_login() throws Exception {
        List<char[]> given = new ArrayList<>();
        try (MinaServer server = serve(mina -> {})) {
            SftpDelivery delivery = server.withoutLogin()
                    .password(() -> {
                        given.add((given.isEmpty() ? "secret" : "rotated").toCharArray());
                        return given.get(given.size() - 1);
                    })
                    .idleTimeout(Duration.ZERO)
                    .build();
            delivery.open().close();

            assertThatThrownBy(delivery::open).isInstanceOf(DeliveryException.class);
            assertThat(given).hasSize(2);
            assertThat(given.get(0)).as("the supplier's own").containsExactly("secret".toCharArray());
        }
    }

    @Test
    void should_not_set_a_new_password() throws Exception {
        try (MinaServer server = serve(mina -> mina.setPasswordAuthenticator((user, password, session) -> {
            throw new PasswordChangeRequiredException("expired", "New password: ", "en");
        }))) {
            assertPermanent(
                    server,
                    builder -> builder.password("secret"),
                    "127.0.0.1:" + server.port()
                            + " wants a new password of user 'outfeed' with password: set one with "
                            + "another client (delivery=lakeside)");
        }
    }

    private MinaServer serve(Consumer<SshServer> change) {
        return MinaServer.start(root, List.of("ssh-ed25519"), change);
    }

    private static Consumer<SshServer> interactive(Prompts prompts) {
        return mina -> {
            mina.setPasswordAuthenticator(null);
            mina.setKeyboardInteractiveAuthenticator(prompts);
        };
    }

    private static Consumer<SshServer> both(String methods) {
        return mina -> {
            mina.setPublickeyAuthenticator((user, publicKey, session) -> true);
            CoreModuleProperties.AUTH_METHODS.set(mina, methods);
        };
    }

    private static void assertPermanent(
            MinaServer server, Function<SftpDelivery.Builder, SftpDelivery.Builder> login, String message) {
        assertThatThrownBy(login.apply(server.withoutLogin()).build()::open)
                .hasMessage(message)
                .satisfies(thrown ->
                        assertThat(((DeliveryException) thrown).code()).isEqualTo(FailureCode.LOGIN_REFUSED));
    }
}
