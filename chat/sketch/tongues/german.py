"""German."""

from chat.sketch.tongues.tongue import Tongue

TONGUE = Tongue(
    "de",
    nouns="""
balloon m Ballon Ballons: Heißluftballon Heißluftballons Luftballon Luftballons
bird m Vogel Vögel
songbird m Singvogel Singvögel
plane n Flugzeug Flugzeuge: Flieger Jet
rocket f Rakete Raketen: Raumschiff Raumschiffe
kite m Drachen Drachen: Winddrachen
star m Stern Sterne
butterfly m Schmetterling Schmetterlinge: Falter
sun f Sonne Sonnen
moon m Mond Monde: Vollmond
cloud f Wolke Wolken
house n Haus Häuser: Hütte Hütten Häuschen Bauernhaus Villa Zuhause
barn f Scheune Scheunen: Stall Schuppen Bauernhof
castle n Schloss Schlösser: Burg Burgen Palast Festung
lighthouse m Leuchtturm Leuchttürme
church f Kirche Kirchen: Kapelle Dom Kathedrale
tower m Turm Türme: Hochhaus Hochhäuser Wolkenkratzer
windmill f Windmühle Windmühlen: Mühle Mühlen
bridge f Brücke Brücken
tent n Zelt Zelte
tree m Baum Bäume: Eiche Eichen Ahorn Buche Laubbaum
pine f Tanne Tannen: Fichte Fichten Kiefer Kiefern Tannenbaum Nadelbaum
palm f Palme Palmen
bush m Busch Büsche: Strauch Sträucher Hecke
flower f Blume Blumen: Blüte Blüten Gänseblümchen
tulip f Tulpe Tulpen
cactus m Kaktus Kakteen
mushroom m Pilz Pilze: Fliegenpilz
car n Auto Autos: Wagen Pkw
bus m Bus Busse
truck m Lastwagen Lastwagen: Laster Lkw
train m Zug Züge: Lokomotive Eisenbahn
bicycle n Fahrrad Fahrräder: Rad Räder
boat n Boot Boote: Segelboot Segelboote Jacht Kahn Fischerboot
ship n Schiff Schiffe: Dampfer Fähre
duck f Ente Enten: Entchen
whale m Wal Wale
fish m Fisch Fische: Goldfisch Goldfische
cat f Katze Katzen: Kater Kätzchen
dog m Hund Hunde: Welpe Welpen Hündchen
fox m Fuchs Füchse
horse n Pferd Pferde: Pony Ponys Fohlen
cow f Kuh Kühe: Kalb
sheep n Schaf Schafe: Lamm
rabbit n Kaninchen Kaninchen: Hase Hasen
elephant m Elefant Elefanten
person f Person Personen: Mensch Menschen Leute
man m Mann Männer: Herr
woman f Frau Frauen: Dame
boy m Junge Jungen
girl n Mädchen Mädchen
robot m Roboter Roboter
snowman m Schneemann Schneemänner
apple m Apfel Äpfel
orange f Orange Orangen: Apfelsine Apfelsinen Mandarine
lemon f Zitrone Zitronen
banana f Banane Bananen
pear f Birne Birnen
cherry f Kirsche Kirschen
strawberry f Erdbeere Erdbeeren
tomato f Tomate Tomaten
carrot f Karotte Karotten: Möhre Möhren
onion f Zwiebel Zwiebeln
grape f Weintraube Weintrauben: Traube Trauben
bread n Brot Brote
pot m Topf Töpfe
pan f Pfanne Pfannen
soup f Suppe Suppen
pancake m Pfannkuchen Pfannkuchen
bowl f Schale Schalen: Schüssel Schüsseln
cup f Tasse Tassen: Becher Kaffee Tee
bottle f Flasche Flaschen: Wein
cake m Kuchen Kuchen: Torte Torten
vase f Vase Vasen
book n Buch Bücher
sofa n Sofa Sofas: Couch
chair m Stuhl Stühle
lamp f Lampe Lampen: Stehlampe
table m Tisch Tische
bed n Bett Betten
shelf n Regal Regale: Bücherregal
plant f Pflanze Pflanzen: Zimmerpflanze Topfpflanze
circle m Kreis Kreise
square n Quadrat Quadrate: Viereck
heart n Herz Herzen
sea n Meer Meere: See Ozean Teich Wasser Bucht
beach m Strand Strände: Küste Ufer
river m Fluss Flüsse: Bach
mountains m Berg Berge: Gebirge Gipfel Alpen Bergen
hills m Hügel Hügel: Tal Hügeln
city f Stadt Städte: Straße
forest m Wald Wälder
desert f Wüste Wüsten
meadow f Wiese Wiesen: Feld Gras Rasen Weide
room n Zimmer Zimmer: Wohnzimmer Raum Stube
underwater n Riff Riffe: Unterwasser unter_Wasser Meeresgrund Aquarium
space n Weltall Weltall: Weltraum Kosmos Galaxie All
sky m Himmel Himmel
wall f Wand Wände
background m Hintergrund Hintergründe
hair n Haar Haare: Haaren
dress n Kleid Kleider: Hemd Pullover
card f Karte Karten: Postkarte Geburtstagskarte
""",
    stand_ins="""eagle Adler; seagull Möwe Möwen; crow Krähe Krähen; parrot Papagei Papageien;
owl Eule Eulen; chicken Huhn Hühner; penguin Pinguin Pinguine; bee Biene Bienen;
hotel Hotel Hotels; school Schule Schulen; temple Tempel; sunflower Sonnenblume Sonnenblumen;
rose Rose Rosen; taxi Taxi Taxis; van Lieferwagen; ambulance Krankenwagen; tractor Traktor
Traktoren;
tram Straßenbahn Straßenbahnen; motorbike Motorrad Motorräder; canoe Kanu Kanus;
submarine U-Boot; swan Schwan Schwäne; dolphin Delfin Delfine; shark Hai Haie; tiger Tiger;
lion Löwe Löwen; wolf Wolf Wölfe; donkey Esel; zebra Zebra Zebras; bull Stier Stiere;
goat Ziege Ziegen; child Kind Kinder; baby Baby Babys; king König Könige; prince Prinz Prinzen;
princess Prinzessin Prinzessinnen; queen Königin Königinnen; witch Hexe Hexen;
mermaid Meerjungfrau Meerjungfrauen; mother Mutter Mütter Mama; father Vater Väter Papa;
grandmother Großmutter Großmütter Oma; grandfather Großvater Großväter Opa;
astronaut Astronaut Astronauten; pirate Pirat Piraten; knight Ritter; wizard Zauberer;
armchair Sessel; bench Bank Bänke; desk Schreibtisch Schreibtische; lantern Laterne Laternen;
island Insel Inseln; volcano Vulkan Vulkane; jungle Dschungel; garden Garten Gärten;
park Park Parks; village Dorf Dörfer; kitchen Küche Küchen; bedroom Schlafzimmer;
christmastree Weihnachtsbaum Weihnachtsbäume""",
    colours="""red rot; orange orange; yellow gelb; golden golden; gold gold; green grün;
olive oliv; turquoise türkis; blue blau; navy marineblau; violet violett; purple lila; pink rosa
pink;
brown braun; beige beige; cream cremeweiß; white weiß; silver silbern silber; grey grau;
black schwarz; crimson karminrot; cyan cyan; salmon lachsfarben""",
    numbers="""1 ein eins eine einen einem einer eines; 2 zwei paar; 3 drei einige; 4 vier; 5 fünf
mehrere;
6 sechs; 7 sieben viele; 8 acht; 9 neun; 10 zehn; 11 elf; 12 zwölf Dutzend; 20 zwanzig""",
    groups={
        "size": "big groß großer riesig gewaltig; small klein kleiner winzig",
        "relation": "on auf darauf; in in im ins; behind hinter dahinter; in_front_of vor davor; "
        "above über oberhalb darüber; under unter unterhalb darunter; "
        "beside neben daneben bei am an beim; left_of links_von links_neben; "
        "right_of rechts_von rechts_neben",
        "side": "left links linken linke nach_links; right rechts rechten rechte nach_rechts; "
        "middle Mitte mittig; top oben; bottom unten",
        "sky": "night Nacht nachts Sternenhimmel sternklar; dawn Morgen Morgengrauen morgens "
        "Sonnenaufgang Morgenlicht; evening Abend Abendlicht abends Sonnenuntergang Dämmerung; "
        "day Tag Tageslicht tags Mittag; rain Regen regnerisch regnet; snow Schnee verschneit "
        "verschneiten verschneite verschneiter verschneites schneit Winter; storm Sturm Gewitter "
        "stürmisch stürmischen; fog Nebel neblig nebligen; rainbow Regenbogen; overcast bewölkt "
        "trüb; sunny sonnig sonnigen Sonnenschein",
        "act": "paint mal male malst zeichne zeichnen skizziere zeig zeige erstelle; "
        "add füge füg ergänze hinzufügen dazu hinzu; put stell stelle setz setze leg lege häng "
        "hänge; remove entferne entfern lösche lösch nimm weg streiche; "
        "make mach mache färbe färb ändere soll mach's verwandle; "
        "bigger größer vergrößere; smaller kleiner verkleinere; more noch weitere weiteres "
        "weiteren; move verschiebe verschieb bewege; replace ersetze ersetz tausche; "
        "undo rückgängig zurück widerrufe; first ersten_Bild ursprünglich Original; "
        "again nochmal noch_mal noch_einmal erneut; restart neu_anfangen von_vorn von_vorne "
        "fang_neu_an neuer_Anfang; help Hilfe hilf was_kannst_du wer_bist_du; "
        "hello hallo guten_Tag guten_Morgen guten_Abend servus moin; thanks danke dankeschön; "
        "question was_ist was_zeigt was_siehst wie_viele welche_Farbe was_sieht",
        "edit": "greyscale Graustufen schwarzweiß schwarz-weiß; sepia Sepia; invert invertiere "
        "invertieren Negativ; brighter heller aufhellen; darker dunkler abdunkeln; "
        "warmer wärmer; cooler kühler kälter; more_contrast mehr_Kontrast; less_contrast "
        "weniger_Kontrast; vivid kräftigere_Farben kräftiger; blur weichzeichnen unscharf "
        "verschwommen; "
        "sharpen schärfer schärfen schärfe; cartoon Comic Zeichentrick; pixelate pixelig verpixeln "
        "verpixle; vignette Vignette; flip spiegeln spiegle; rotate drehe dreh drehen; "
        "crop zuschneiden beschneide schneide; border Rahmen Rand; caption Beschriftung Text "
        "Bildunterschrift schreib schreibe; square quadratisch",
        "unknown": "dragon Drache",
        "shade": "light hell helles heller hellen; dark dunkel dunkles dunklen dunkle",
        "word": "and und sowie außerdem; then dann danach; without ohne kein keine keinen; the "
        "der die "
        "das den dem des; it es ihn sie; with mit; picture Bild Foto Bildes; birthday "
        "Geburtstag; - bitte mir mich jetzt nun ganz sehr zu zum zur von aus ist sind steht "
        "stehen sitzt sitzen liegt liegen fliegt fliegen Farbe in_Farbe ich möchte will hätte gern "
        "einmal mal auch etwas viel Licht da dort sein werden statt durch um Grad Seite Stück "
        "rein hinein so wie dass aber doch mein meine meinen",
    },
    lands={
        "sea": "am Wasser", "beach": "am Strand", "river": "an einem Fluss",
        "mountains": "vor Bergen", "hills": "zwischen Hügeln", "city": "in der Stadt",
        "forest": "im Wald", "desert": "in der Wüste", "meadow": "auf einer Wiese",
        "room": "in einem Zimmer", "underwater": "unter Wasser", "space": "im Weltall",
    },
    times={"day": "am Tag", "dawn": "im Morgengrauen", "evening": "im Abendlicht",
           "night": "bei Nacht"},
    weather={"rain": "Regen", "snow": "Schnee", "storm": "Gewitter", "fog": "Nebel",
             "rainbow": "Regenbogen", "overcast": "grauer Himmel", "stars": "Sterne"},
    relations={"on": "auf", "in": "in", "behind": "hinter", "before": "vor",
               "left": "links von", "right": "neben", "above": "über", "under": "unter"},
    endings=("en", "er", "em", "es", "e", "n", "s"),
    shades={"hell": "light", "dunkel": "dark", "blass": "pale"},
)  # fmt: skip
