/**
 * Fakes for the tests of a host application: {@link io.outfeed.testing.ExportSandbox} puts them together.
 */
@NullMarked
package io.outfeed.testing;

import org.jspecify.annotations.NullMarked;
