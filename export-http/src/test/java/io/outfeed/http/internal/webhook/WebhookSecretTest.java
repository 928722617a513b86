package io.outfeed.http.internal.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookSecretTest {

    /** The example that the libraries of Standard Webhooks are tested with. */
    @Test
    void should_sign_as_standard_webhooks_do() {
        WebhookSecret secret = WebhookSecret.read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".toCharArray())
                .orElseThrow();

        assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}".getBytes(UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "23, false", "24, true", "32, true", "64, true", "65, false"})
    void should_take_keys_of_24_to_64_bytes(int bytes, boolean taken) {
        char[] text = ("whsec_" + Base64.getEncoder().encodeToString(new byte[bytes])).toCharArray();
        char[] before = text.clone();

        assertThat(WebhookSecret.read(text).isPresent()).isEqualTo(taken);
        assertThat(text).isEqualTo(before);
    }
}
