"""Names of places that letters from AI employers use; enough to tell a place from a team."""

import re
from typing import Final

_STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    "|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee"
    "|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|D\\.C\\.|DC|Ontario|Quebec|Québec|British Columbia|Alberta|Manitoba|Saskatchewan|Nova Scotia|Karnataka|Telangana|Maharashtra|Bavaria|Hesse"
    "|AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|ON|QC|BC|AB"
)
_COUNTRIES: Final = (
    "United States(?: of America)?|USA|U\\.S\\.A?\\.?|United Kingdom|UK|U\\.K\\.|England|Scotland|Wales|Ireland|Germany|France|Switzerland|Austria|Netherlands|the Netherlands|Belgium|Spain|Portugal|Italy|Poland|Sweden|Norway|Denmark|Finland"
    "|India|Singapore|Canada|Australia|New Zealand|Japan|China|Israel|Brazil|Mexico|Luxembourg|Estonia|Czech Republic|Hong Kong|Taiwan|South Korea|UAE"
)
_CITIES: Final = (
    "San Francisco|New York City|New York|NYC|Seattle|Boston|Cambridge|Austin|Chicago|Denver|Boulder|Palo Alto|Mountain View|Menlo Park|Sunnyvale|Santa Clara|San Jose|San Mateo|Redwood City|Cupertino|Oakland|Berkeley"
    "|Los Angeles|San Diego|Santa Monica|Portland|Pittsburgh|Philadelphia|Atlanta|Miami|Dallas|Houston|Nashville|Raleigh|Durham|Washington|Arlington|Reston|Columbus|Detroit|Ann Arbor|Minneapolis|Madison|Salt Lake City|Phoenix"
    "|Bellevue|Redmond|Kirkland|Princeton|Baltimore|Stamford|Jersey City|Brooklyn|Manhattan|Toronto|Montreal|Montréal|Vancouver|Ottawa|Waterloo|Calgary|Edmonton|Quebec City|London|Manchester|Bristol|Oxford|Edinburgh|Leeds|Glasgow|Belfast"
    "|Cardiff|Birmingham|Reading|Dublin|Cork|Berlin|Munich|München|Hamburg|Frankfurt(?: am Main)?|Cologne|Köln|Stuttgart|Heidelberg|Tübingen|Darmstadt|Aachen|Dresden|Leipzig|Karlsruhe|Düsseldorf|Bonn|Freiburg|Potsdam|Paris|Lyon|Grenoble|Toulouse"
    "|Nantes|Lille|Nice|Bordeaux|Rennes|Sophia Antipolis|Saclay|Zurich|Zürich|Geneva|Genève|Lausanne|Basel|Bern|Zug|Lugano|Winterthur|Vienna|Amsterdam|Rotterdam|Eindhoven|Delft|Utrecht|Brussels|Ghent|Leuven|Madrid|Barcelona|Lisbon|Porto|Milan"
    "|Rome|Turin|Warsaw|Kraków|Krakow|Wrocław|Prague|Stockholm|Gothenburg|Oslo|Copenhagen|Helsinki|Espoo|Tallinn|Bengaluru|Bangalore|Hyderabad|Mumbai|Pune|Chennai|Gurgaon|Gurugram|Noida|New Delhi|Delhi|Kolkata|Tel Aviv|Haifa|Tokyo|Sydney|Melbourne"
    "|Beijing|Shanghai|Shenzhen|Seoul|Taipei|Dubai|Abu Dhabi|São Paulo|Mexico City|Luxembourg"
)
PLACE: Final = rf"(?:(?:{_CITIES})(?:-[A-Z][a-z]+)?(?:,? (?:{_STATES}|{_COUNTRIES})\b)?|[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+){{0,2}}, (?:{_STATES}|{_COUNTRIES})\b|(?:{_COUNTRIES})\b)"
_KNOWN: Final = re.compile(rf"(?:{_CITIES}|{_STATES}|{_COUNTRIES})\b")


def is_place(text: str) -> bool:
    """Return whether the text begins with a place we know."""
    return _KNOWN.match(text) is not None
