/**
 * Contract tests: what the engine relies on in an implementation of an SPI. Extend the class of the SPI and give it the
 * implementation; JUnit runs the tests.
 *
 * <p>JUnit calls the factory method of a class before the {@code @BeforeEach} methods of the class that extends it:
 * start there what the implementation needs. What a test has opened is closed after the {@code @AfterEach} methods.
 *
 * <p>They need JUnit Jupiter and AssertJ, which this module does not bring: add them to the tests. No test sleeps; time
 * limits only end a test that has failed.
 */
@NullMarked
package io.outfeed.testing.contract;

import org.jspecify.annotations.NullMarked;
