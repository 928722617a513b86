/**
 * Spreadsheets: {@link io.outfeed.xlsx.XlsxFormat} writes records as Excel workbooks (Office Open XML).
 */
@NullMarked
package io.outfeed.xlsx;

import org.jspecify.annotations.NullMarked;
