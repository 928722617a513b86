package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The main job of the README. */
@Tag("slow")
class DemoTest {

    /** Other tests of this JVM have other certificates. */
    @AfterEach
    void forgetCertificate() {
        System.clearProperty("greenmail.tls.keystore.file");
        System.clearProperty("greenmail.tls.keystore.password");
    }

    @Test
    void should_deliver_what_the_database_has() throws Exception {
        assertThat(Demo.show(false)).isTrue();
    }
}
