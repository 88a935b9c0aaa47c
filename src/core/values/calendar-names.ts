/**
 * Names of months and weekdays in the languages of gym exports, whole and short, in lower case and without a final dot. No name
 * means two months: French "jui" (juin, juillet) is not listed. German and English weekday abbreviations of two letters are
 * listed only where they are not another word.
 */
const months: readonly string[] = [
  'jan january januar jänner janvier janv enero ene gennaio gen janeiro januari', // English, German, French, Spanish, Italian, Portuguese, Dutch
  'feb february februar février fevrier févr fevr fév fev febrero febbraio fevereiro februari',
  'mar march märz maerz mrz mär mars marzo março marco maart mrt',
  'apr april avril avr abril abr aprile',
  'may mai mayo maggio mag maio mei',
  'jun june juni juin junio giugno giu junho',
  'jul july juli juillet juil julio luglio lug julho',
  'aug august août aout agosto ago augustus',
  'sep sept september septembre septiembre settembre set setembro',
  'oct october oktober okt octobre octubre ottobre ott outubro out',
  'nov november novembre noviembre novembro',
  'dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro',
];

const weekdays =
  'mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday ' +
  'montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so ' +
  'lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim ' +
  'lunes martes miércoles miercoles mié jueves jue viernes vie sábado sabado sáb domingo dom ' +
  'lunedì martedì mercoledì giovedì gio venerdì sabato sab domenica ' +
  'segunda-feira terça-feira quarta-feira quinta-feira sexta-feira segunda terça quarta quinta sexta seg ter qua qui sex ' +
  'maandag ma dinsdag woensdag wo donderdag vrijdag vr zaterdag za zondag zo';

const monthOf = new Map(
  months.flatMap((names, index) => names.split(' ').map((name): [string, number] => [name, index + 1])),
);

/** The number of a month by its name, whole or short, with or without a final dot; 0 for other words. */
export function monthByName(name: string): number {
  return monthOf.get(name.toLowerCase().replace(/\.$/, '').normalize('NFC')) ?? 0;
}

/** Regular expression sources, without groups, the longest names first. To be used with the flags `iu`. */
export const monthNamePattern = pattern([...monthOf.keys()]);
export const weekdayPattern = pattern(weekdays.split(' '));

function pattern(names: readonly string[]): string {
  const ordered = [...new Set(names)].sort((a, b) => b.length - a.length);
  return String.raw`(?:${ordered.join('|')})\.?`;
}
