/**
 * Layouts as data: which columns a customer has chosen, their order, headers, codes and transformations, the format and
 * the name of the file; and what a definition lets its customers choose.
 */
@NullMarked
package io.outfeed.layout;

import org.jspecify.annotations.NullMarked;
