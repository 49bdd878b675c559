/** What parsing or executing a template throws when the template is at fault; the message is Go's. */
export class TemplateFault extends Error {}
