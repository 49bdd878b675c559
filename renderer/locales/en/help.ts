import type { SameKeys } from '../same-keys.ts';
import type { help as keys } from '../zh-CN/help.ts';

/** English help of each page; one paragraph a line. */
export const help: SameKeys<typeof keys> = {
  overview: [
    'The overview answers three questions in this order: is anything wrong, what do I do next, can I get everything back.',
    'When something is wrong, each problem is one sentence at the top, worst first, with the next step; "Look" opens the page concerned. When nothing is, it says "All normal", and what was checked and when.',
    '"This workstation" shows live values of this machine, without any set-up. Where a line is interrupted there is no data.',
    '"Not watched" is neither up nor down: the console itself was not looking.',
    '"Can it be restored?" counts only restore points that were verified; a backup that was never verified counts for nothing.',
  ].join('\n'),
  hosts: [
    'Hosts stand worst first. Four states: up, down (it answers, but the scrape fails or the port refuses), unreachable (the network does not get there), not watched (the console was not looking).',
    '"Add host" tests the scrape first and shows each step; nothing is stored before you confirm.',
    '"Import prometheus.yml" shows what would happen first; a file with one error is refused whole, naming the line.',
    'On a host, "Test now" reads once and stores nothing. Checks add to the scrape: web pages, ports, names, databases, Nagios plugins and the Zabbix agent.',
    '"Import a list" reads a CSV file or a list of hosts; the whole configuration goes out and in under Settings → Configuration; "Save an empty table" gives headings to fill in.',
    'The topology shows what is reached over what: when a switch or a power supply dies, the hosts behind it are unreachable, and only the cause alerts.',
  ].join('\n'),
  metrics: [
    'Type a PromQL expression and press Enter. Functions, metrics, labels and values are offered while you type: an arrow key chooses, Enter takes; Tab goes on, Esc leaves.',
    'The explorer on the left groups metrics by name. A metric offers what fits its type, and its labels: a click on a value puts it into the expression.',
    'Drag on a chart to zoom, double click to go back. The crosshair and the time range are shared by all charts; on a chart with the focus arrows, + and − do the same, and L opens the logs of that time.',
    'A live chart stands still while the pointer moves on it. Hatched spans are those in which the console did not watch; an interrupted line has no samples; a cross is where a series ended.',
    '"Table" is the chart in words and in all digits. CSV saves every step, PNG a picture with site, label, time range and legend.',
    'Everything on this page is in its address: back and forward work, and a copied address shows the same again.',
  ].join('\n'),
  alerts: [
    '"Firing" puts alerts under their cause: what is caused by it is folded below it and not told of separately. Each says what to do next, since when, and who is on it. Arrows move, Enter opens, A acknowledges, S silences.',
    'Acknowledging says that you are on it; escalation stops until the alert has ended. A silence keeps quiet for a while what its conditions mean; you see what it hides before you make it.',
    'Open an alert: "Why was I (not) notified?" tells every step in order, from the observation to the delivery, and the cause of every suppression.',
    '"Routes" says in order who is told of what; "Where would this alert go?" tries it out. A critical alert that nobody acknowledges fills the screen in the end.',
    '"Rules" lists each rule with its state and its error. A form writes one without PromQL; a backtest says how often it would have fired, how long, for which series. Rules of the starter set can be switched off and have their thresholds changed.',
    '"History" is filtered and exported, counts rules that are noisy, never fired or are acknowledged late, and prints the report of a shift.',
    'While the console is closed no alert is judged; that time counts as not watched.',
  ].join('\n'),
  logs: [
    'The search line takes words, "phrases", /expressions/, level:error, source:NAME, host:NAME, stream:NAME, field>number, and AND, OR, NOT with parentheses. It completes what you type and underlines mistakes.',
    'The list always says how many of how many; while counting it says "at least". A long search can be cancelled, what was found stays.',
    '"Fields" counts over all lines found: click a value to add it, "−" to exclude it. "Patterns" puts lines of the same wording together and marks new ones.',
    '"Alert on this" saves the search, counts its matches and opens the rule form. L on a chart opens the logs of that moment; "Metrics at this time" in a line leads back.',
    'Sources are read from the beginning of each file and followed; rotation and truncation lose no line. "Test a sample" shows the fields of each line, or why it does not match.',
    '"Pipelines and masking" changes, routes and hides before lines are stored, with a preview. "Rotation and archive" compares lines before and after each rotation, and verifies that the archive was not changed.',
  ].join('\n'),
  backups: [
    'A backup plan says what is backed up, where to, how often, and the recovery point objective.',
    'A plan meets its objective while its newest verified point is not older than promised. Plans that are late, never ran or are damaged come first.',
    '"Back up now" runs once at once; "Verify newest point" reads the archive again and compares every file with the manifest. Differentials and incrementals hold changes only: a restore reads the archives that they rest on, too.',
    'On another workstation, or when the archives are on a medium only, "Rebuild catalogue from media" brings the points back.',
    'Print the key sheet of an encrypted plan and keep it apart from the media: without any key the archives cannot be opened.',
    'Archives can be read without this program: tar, compressed in frames, with a manifest and SHA-256 sums.',
    'An archive gets its final name only when it is written, verified and safe on the disk.',
  ].join('\n'),
  recovery: [
    '"Restore files" begins with a file or folder; "Restore system" brings back everything of a plan.',
    'Nothing is written before you confirm; what the preview lists is exactly what is done.',
    'Is there no point to choose? Connect the medium, then "Rebuild catalogue from media".',
    'Before restoring over the original place, stop the services that use the files. What is overwritten is kept, and the restore can be undone.',
    'An interrupted restore goes on where it stopped; the last step is the evidence, to print or save.',
    'A drill restores into a scratch folder and compares every file; what is running is not touched. It no longer counts once the plan, a runbook or the environment changed.',
    'When something happens, open its runbook, follow it and tick each step; keep prints in both languages with the media.',
  ].join('\n'),
  settings: [
    'Site name and classification label are for everybody; language and theme are for this workstation.',
    'The data folder holds everything that the console knows; to move to another workstation, copy the whole folder.',
    'Secrets are kept encrypted; without the passphrase they cannot be had back and must be typed again.',
    'The watchdog lets another console or program find out that this console has stopped.',
    'Asking for help? Add the diagnostics of About; there are no secrets in them.',
  ].join('\n'),
};
