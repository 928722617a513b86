package io.outfeed.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.spring.test.ExportTest;
import io.outfeed.spring.test.SandboxDeliveries;
import io.outfeed.testing.ExportSandbox;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The clock of the test is ahead of that of the database, which says when its rows were changed. */
@ExportTest
@TestPropertySource(properties = "outfeed-test.start=2100-01-01T00:00:30Z")
class VendorApplicationTest {

    @Autowired
    private ExportSandbox sandbox;

    @Autowired
    private SandboxDeliveries deliveries;

    @Test
    void should_give_each_customer_the_columns_that_it_wants() {
        sandbox.advance(Duration.ofMinutes(1));

        assertThat(deliveries.at("lakeside-outbox").file("lakeside-1.csv").lines())
                .containsExactly("id;State", "1;active", "2;gone");
        assertThat(deliveries.at("riverside").file("riverside-1.csv").lines())
                .containsExactly("id,Full name", "3,Cleo");
        assertThat(deliveries.at("hillside").file("people-1.csv").lines()).containsExactly("name", "DAN");
    }
}
