/**
 * Contract tests: what the engine relies on in an implementation of an SPI. Extend the class of the SPI and give it the
 * implementation; JUnit runs the tests.
 *
 * <p>They need JUnit Jupiter and AssertJ, which this module does not bring: add them to the tests. No test sleeps; time
 * limits only end a test that has failed.
 */
@NullMarked
package io.outfeed.testing.contract;

import org.jspecify.annotations.NullMarked;
