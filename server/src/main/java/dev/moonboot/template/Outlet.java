package dev.moonboot.template;

/**
 * Has a say in what actions print before it is written; the text between them is not shown to it.
 */
@FunctionalInterface
public interface Outlet {
  /**
   * What is written in place of what an action prints.
   *
   * @param before all that is written before it
   * @throws TemplateException when nothing will do here; the message needs no place
   */
  String fit(CharSequence before, String printed) throws TemplateException;
}
