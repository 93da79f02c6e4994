"""Every check: what it looks for, why, and what would be right. `docs/lint.md` is made of it.

Many are those that pint makes without a server (facts on alert quality, section 3) and the fifteen
rules for Grafana (facts on Grafana, section 5).
"""

# ruff: noqa: E501 -- one line a check, as in a table

from __future__ import annotations

from belfry.lint.check import Check, Severity, Subject

_ROWS: dict[Subject, str] = {
    Subject.FILES: """
not-rules|error|A file that holds no rules, or a folder without any file of rules.|Prometheus would load nothing from it, and nobody would notice.|Name a file with groups of rules, or a Kubernetes PrometheusRule.
not-yaml|error|A file that is not YAML.|Prometheus refuses to start with it, or keeps the rules that it had.|Mend the YAML where the message points.
unreadable|error|A file or folder that cannot be read.|Nothing in it is checked.|Name a file or a folder that is there, or - for standard input.
unknown-key|error|A key that Prometheus does not know.|Prometheus refuses the whole file for one misspelt key.|Correct or remove the key.
wrong-kind|error|A list, table or text where another belongs, or a key that stands twice.|Prometheus refuses the whole file.|Write what the key takes.
later-document|error|Groups in a document that is not the first of its file.|Prometheus reads the first document and drops the others.|Put the groups into the first document, or into a file of their own. A PrometheusRule of Kubernetes may stand anywhere.
missing-key|error|A rule or group without what it must have.|Prometheus refuses the whole file.|Add the key.
bad-duration|error|A duration that Prometheus cannot read.|Prometheus refuses the whole file.|Write a whole number and a unit: 90s, 5m, 1h30m.
bad-name|error|A name of a metric, label or annotation that cannot be one.|Prometheus refuses the whole file.|Use letters, digits and _.
recording-extras|error|for, keep_firing_for or annotations in a recording rule.|Prometheus refuses the whole file.|Remove them: only alerts have them.
""",
    Subject.PROMQL: """
promql-syntax|error|An expression that is not PromQL.|Prometheus refuses the whole file.|Mend the expression where the message points.
promql-feature|error|Something that Prometheus has only behind --enable-feature.|A Prometheus without the flag refuses the whole file.|Write it without, or set the flag wherever the rule runs and silence this there.
impossible-comparison|error|A comparison that can never be true.|The alert never fires, whatever happens.|Correct the limit or the direction.
always-true|warning|A comparison that is always true.|The alert fires as long as there is data.|Correct the limit or the direction.
impossible-matchers|error|Matchers that contradict each other.|Nothing is ever selected.|Remove one of them.
bad-replacement|error|label_replace with a regular expression that is none.|Prometheus takes the rule, and each of its judgements fails.|Correct the regular expression.
impossible-labels|error|Labels that an aggregation has dropped, or that never match on both sides.|The two sides never meet, so that the result is always empty.|Keep the labels on both sides, with by or on.
one-sided-by|warning|An aggregation with labels joined with one that has others.|Series without a partner vanish silently.|Aggregate both sides by the same labels, or say on(…) and group_left.
fragile-alert|warning|topk, bottomk or limitk in an alert.|Which series are in it changes from moment to moment, so the alerts flap and for begins anew.|Compare with a limit instead.
fragile-restart|info|A quotient of two aggregations without for.|Right after a restart only some targets are there, and the quotient is wrong for a minute.|Give it a for of at least one scrape.
rate-window|warning|A rate over less than two scrapes.|With one value there is no rate: the result is empty again and again.|Make the window four times the scrape interval.
rate-of-gauge|warning|rate or increase of what goes up and down.|Each fall counts as a restart from 0, so the result is far too high.|Use delta or deriv, or avg_over_time.
rate-of-sum|warning|rate of a sum.|When one process restarts, the sum falls, and rate takes it for a restart of all.|Sum the rates: sum(rate(…)).
rate-twice|warning|rate of a rate.|It is the change of the change, and nearly always meant otherwise.|Use avg_over_time over a recorded rate.
counter-raw|warning|A counter compared without rate or increase.|A counter only grows, so the alert comes once and never ends until a restart.|Compare rate(…) or increase(…).
gauge-function-on-counter|warning|delta, idelta, deriv or predict_linear of a counter.|Each restart looks like a huge fall.|Use increase, rate, or predict a rate.
irate-alert|warning|irate in an alert.|It sees the last two values only; a short dip ends the alert and for begins anew.|Use rate.
regex-plain|info|A regular expression without anything regular.|It is slower, and a dot in it means any sign.|Use = or !=.
regex-anchors|info|^ or $ at the ends of a regular expression.|Prometheus matches whole values always; they do nothing.|Remove them.
regex-everything|info|A matcher that lets everything through.|It reads as a restriction and is none.|Remove it, or write =~".+" for a value that must be there.
nameless-selector|warning|A selector without a metric.|It reads every series with these labels, of every metric there will ever be.|Name the metric.
selector-labels|warning|A selector without a label that was asked for.|It also reads what belongs to others.|Add the label; --require names it.
dropped-label|warning|An aggregation that drops a label that was asked for.|The alert no longer says whose it is, and is routed wrongly.|Add it to by; --keep names it.
nan-in-aggregation|info|A quotient within sum or avg.|One series with 0 below the line makes the whole result NaN.|Aggregate both sides first, or ask for > 0 below the line.
division-by-zero|error|A division by 0.|The result is NaN or infinite, always.|Correct the divisor.
quantile-of-range|error|A quantile that is not between 0 and 1.|The result is infinite.|Write 0.95 for the 95th percentile.
quantile-buckets|warning|histogram_quantile of what are no buckets.|It gives nothing, or NaN.|Give it rate(…_bucket[5m]).
quantile-le|error|histogram_quantile of buckets whose label le was dropped.|It gives nothing, always.|Keep le: sum by (le) (…).
quantile-raw|warning|histogram_quantile of buckets without rate.|It is the quantile since the process began, which no incident moves.|Take rate(…_bucket[5m]) first.
quantile-mean|warning|A mean or a sum of quantiles.|Quantiles cannot be averaged; the result means nothing.|Aggregate the buckets, then take the quantile.
window-retention|warning|A window or an offset beyond what is kept.|It sees less than it says.|Shorten it, record it, or say --retention.
prediction-window|warning|A prediction much further ahead than it looks back.|Any short rise looks like the end of the world.|Look back at least an hour for each day ahead.
comparison-bool|info|A comparison with bool within another condition.|The 0s take part too.|Remove bool to filter.
""",
    Subject.ALERTS: """
alert-comparison|warning|An alert without a comparison.|It fires as long as its metric is there, whatever the value.|Compare with a limit.
alert-always|warning|An alert that always fires.|People learn to ignore it. Only a Watchdog is meant to.|Name it Watchdog, or give it a condition.
alert-bool|warning|An alert on a comparison with bool.|It gives 0 instead of nothing, and an alert fires on 0 as well.|Remove bool.
absent-for|warning|absent() with a short for, or none.|It fires at each restart of Prometheus, before anything was scraped.|Give it a for of at least two scrapes.
for-missing|info|An alert that does not say for.|It fires on a single bad value, and nobody can tell whether that is meant.|Write for: 5m, or for: 0s when it is meant.
for-zero|info|for: 0 on a single value.|One bad value pages somebody, and one good value ends it.|Give it a for, a window such as avg_over_time(…[5m]), or keep_firing_for.
for-interval|warning|for is no multiple of the group's interval.|Prometheus judges at the interval only, so it waits longer than it says.|Make it a multiple.
for-short|warning|for is shorter than the group's interval.|It has no effect but to wait for one more judgement.|Make it at least the interval.
""",
    Subject.TEMPLATES: """
template-syntax|error|A template that Go cannot read.|Prometheus refuses the whole file.|Mend it where the message points.
template-label|warning|A template with a label that the result does not have.|The message has a hole where the name should stand.|Use a label that the expression keeps, or keep it with by.
template-value-label|warning|The value in a label.|With each new value it is another alert: for begins anew, and people are told again.|Move the value to an annotation.
template-raw-value|info|A raw rate or share in a message.|0.0231481 says nothing to who is woken.|Use humanize or humanizePercentage.
template-missing|warning|A template that calls another that is not defined.|The message shows an error instead.|Define it in the same text: {{ define "name" }}…{{ end }}.
template-query|warning|A query in a template that is not PromQL.|The message shows an error instead.|Mend the query.
no-summary|warning|An alert without a summary.|Who is woken sees a name only.|Add the annotation summary: one line, what is broken for whom.
no-description|info|An alert without a description.|Nothing says what was measured, or what it means.|Add the annotation description.
no-runbook|info|An alert without runbook_url.|Who is woken has to think of what to do.|Add the annotation runbook_url.
no-severity|warning|An alert without the label severity.|Routes by severity miss it; it ends at the default receiver.|Add the label severity.
unknown-severity|warning|A severity that nobody receives.|A misspelt severity silently ends at the default receiver.|Use one of the known ones; --severities names them.
no-team|info|An alert without the label team.|Nobody owns it.|Add the label team.
label-breaks|warning|A label or an annotation whose value breaks something.|Line feeds and control characters in a label split alerts and break messages; a label cannot be long.|Move the text to an annotation, on one line.
label-overwrites|warning|A label that Prometheus sets itself.|It is overwritten, or the alert loses its name.|Choose another label.
empty-annotation|info|A label or an annotation without a value.|It is as if it were not there.|Write a value, or remove it.
""",
    Subject.NAMES: """
alert-name|info|An alert whose name is not CamelCase.|Names that are written alike can be searched, silenced and linked.|Write it as HighErrorRate.
record-name|info|A recording rule whose name is not level:metric:operation.|Without colons nobody can tell it from a scraped metric.|Write it as job:http_requests:rate5m.
group-twice|error|Two groups of one name in a file.|Prometheus refuses the whole file.|Rename one of them.
rule-twice|warning|The same rule twice.|It is computed twice, and the alerts of both are one.|Remove one of them.
same-name|warning|Two rules with the same name and labels.|Two recordings overwrite each other; two alerts cannot be told apart.|Rename one, or give it another label.
empty-group|info|A group without rules.|It does nothing.|Remove it.
group-interval|warning|A group that is judged less often than every 5 minutes.|After 5 minutes a value is stale, so recordings have gaps and alerts flap.|Judge it at least every 5 minutes, or give its alerts keep_firing_for.
other-group|info|A recording rule that uses one of another group.|Groups run side by side, so it computes with the value before.|Put both into one group, the used one first.
later-rule|warning|A rule that uses a recording that stands after it in its group.|It computes with the value before.|Move the used one up.
""",
    Subject.SILENCES: """
silence-unexplained|warning|A silence without a reason.|In a year nobody dares to remove it.|Write -- and the reason behind it.
silence-unused|warning|A silence that silences nothing.|It will hide the next mistake of its kind.|Remove it.
silence-unknown|error|A silence that cannot be read, or of a check that does not exist.|It silences nothing.|Write # belfry-lint: off <check> -- <reason>.
""",
    Subject.PLATFORM: """
mistake|error|A mistake in the catalogue, in a platform or in lint.yaml.|None of its rules can be made, so that none is checked.|Mend it as the message says; belfry check tells it too.
rule-uid|error|A rule in Grafana without a uid of its own.|Grafana would change another rule, or refuse it.|Each rule has its own uid of at most 40 characters.
rule-title|error|A title that stands twice in a folder, or none.|Grafana refuses the second.|Each rule has a title of its own in its folder.
rule-interval|error|An interval that is no multiple of 10 s.|Grafana's scheduler ticks every 10 s and refuses others.|Choose a multiple of 10 s.
rule-hold|error|A for that is no multiple of the group's interval.|Grafana waits longer than it says.|Choose a multiple.
rule-no-data|error|What happens without data or on an error is not said.|Grafana's default raises another alert, with another name and other labels.|Say no-data in the rule.
rule-condition|error|A rule whose condition is no reduced value compared with a limit.|Grafana cannot judge it.|Name a comparison and a finite limit.
rule-data-source|error|A rule that asks a data source that the stack does not have.|It fails at each judgement.|Name a data source of the stack.
rule-window|error|A rule whose query has no time range.|Grafana refuses it. The query is instant: how far it looks back, its expression says.|Let it see ten minutes.
rule-comparison|error|An expression that does not parse, or is compared twice.|Grafana compares with the limit; what the expression compares already is gone where it is well.|Leave the comparison to the limit.
rule-labels|error|A rule without severity or team, or with one that nobody declared.|It reaches the default receiver only.|Give it a severity and a team of the platform.
rule-annotations|error|A rule without summary or description, or one with a template of a label that it has not.|The message has a hole.|Say both, with labels that the result has.
rule-runbook|error|A rule without a page, or whose page has not the rule's heading.|Who is woken finds nothing to do.|Write runbooks/<Rule>.md with the rule's name as its heading.
runbooks-unpublished|warning|A platform that does not say where its runbooks are published.|A message names the page of its rule, but links to none.|Add monitoring: {runbooks: https://docs.example.com/runbooks}; make site builds what is published there.
rule-panel|error|A panel without its dashboard, or one that does not exist.|The link in the message leads nowhere.|Name both, or neither.
rule-route|error|A rule that reaches no receiver but the default one.|Nobody is told.|Route its severity to a channel.
rule-cases|error|A rule without a case that fires and one that stays quiet.|Nobody knows whether it does what it says.|Add a case of each kind.
rule-parameters|warning|A parameter that no text and no condition of the rule uses.|Who sets it changes nothing.|Use it, or remove it.
""",
}


def _checks() -> dict[str, Check]:
    found = {}
    for subject, rows in _ROWS.items():
        for row in rows.strip().splitlines():
            name, severity, says, reason, remedy = row.split("|")
            found[name] = Check(
                id=name,
                subject=subject,
                severity=Severity(severity),
                says=says,
                reason=reason,
                remedy=remedy,
            )
    return found


CHECKS: dict[str, Check] = _checks()
"""By id, in the order in which they are listed."""
