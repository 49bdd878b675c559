import { createHash } from 'node:crypto';
import { type RuleForm, ruleFormSchema } from '#shared/contract/rule-forms.ts';
import { formToRule } from './form-to-rule.ts';
import { ruleFileText } from './rule-text.ts';

/** The form that a rule file carries; `edited` when its rules were changed by hand since, so that the form no longer says them. */
export type FormOfFile = { readonly form: RuleForm; readonly edited: boolean };

/** Begins the line that carries the form. The rest is the digest of what follows, and the form as JSON. */
const MARK = '# hmtt-form ';

/**
 * A rule file that carries its form: the form travels with the file to other consoles, and nothing beside the file can
 * disagree with it.
 */
export function formFileText(form: RuleForm): string {
  const rules = ruleFileText(formToRule(form));
  return `${MARK}${digest(rules)} ${JSON.stringify(form)}\n${rules}`;
}

/** Reads the form back; null when the file has none that this console knows. */
export function readFormFile(text: string): FormOfFile | null {
  if (!text.startsWith(MARK)) return null;
  const end = text.indexOf('\n');
  const head = text.slice(MARK.length, end < 0 ? undefined : end).trimEnd();
  const space = head.indexOf(' ');
  const parsed = ruleFormSchema.safeParse(jsonOf(head.slice(space + 1)));
  if (!parsed.success) return null;
  return { form: parsed.data, edited: digest(end < 0 ? '' : text.slice(end + 1)) !== head.slice(0, space) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody wrote into the line: then there is no form.
    return null;
  }
}

/** Line ends and blanks at the ends of lines may change on the way; the rules are the same then. */
function digest(rules: string): string {
  const plain = rules.replace(/[ \t\r]+$/gm, '').trimEnd();
  return createHash('sha256').update(plain).digest('hex').slice(0, 16);
}
