/** What several pages show: a job in a list, an incident, a filter, and what a page is made from. */
@NullMarked
package io.outfeed.console.internal.part;

import org.jspecify.annotations.NullMarked;
